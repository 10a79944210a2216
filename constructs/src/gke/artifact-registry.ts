import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository/index.js';
import { ArtifactRegistryRepositoryIamMember } from '@cdktf/provider-google/lib/artifact-registry-repository-iam-member/index.js';
import { Construct } from 'constructs';
import { type Pattern, pattern, range } from '../validation.ts';
import { type Grantee, grantOnce } from './grants.ts';
import type { IKmsKey } from './kms-key.ts';
import { PROJECT_ID } from './names.ts';
import { ServiceAgents } from './service-agents.ts';

export const REPOSITORY_ID: Pattern = {
  regex: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  means: '1-63 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen',
};
export const KEEP_NEWEST = { min: 1, max: 1000 };
export const UNTAGGED_DAYS = { min: 1, max: 3650 };

const SECONDS_PER_DAY = 86_400;

/** A container registry that nodes can be allowed to pull from. */
export interface IArtifactRegistry extends Construct {
  /** Prefix of every image in it: `<location>-docker.pkg.dev/<project>/<repository>`. */
  readonly url: string;
  /** Lets a member pull (roles/artifactregistry.reader on this repository only). */
  grantRead(grantee: Grantee): ArtifactRegistryRepositoryIamMember;
  /** Lets a member push and pull (roles/artifactregistry.writer on this repository only). */
  grantWrite(grantee: Grantee): ArtifactRegistryRepositoryIamMember;
}

export interface ArtifactRegistryProps {
  /** 1-63 lower-case letters, digits or hyphens. */
  readonly repositoryId: string;
  /** Region or multi-region; pulls from the cluster's own region are free of network charges. */
  readonly location: string;
  /** Project id. */
  readonly project: string;
  /** Refuses to move a tag to another image, so that a tag in a plan means one image for ever. @default true */
  readonly immutableTags?: boolean;
  readonly cleanup?: {
    /** Images kept of each name, however old, 1-1000. @default 10 */
    readonly keepNewest?: number;
    /** Days after which an image without a tag is deleted, 1-3650. @default 14 */
    readonly deleteUntaggedAfterDays?: number;
  };
  /** Key for the images at rest; its location must be the repository's. @default - encrypted by Google's own key */
  readonly key?: IKmsKey;
  /** Labels of the repository. @default - none */
  readonly labels?: Record<string, string>;
}

/** A Docker repository that cleans up after builds and whose tags do not move. */
export class ArtifactRegistry extends Construct implements IArtifactRegistry {
  /** The underlying resource. */
  readonly resource: ArtifactRegistryRepository;
  readonly url: string;
  readonly #props: ArtifactRegistryProps;

  constructor(scope: Construct, id: string, props: ArtifactRegistryProps) {
    super(scope, id);
    this.#props = props;
    const { repositoryId, location, project, key } = props;
    pattern(this, 'repositoryId', repositoryId, REPOSITORY_ID);
    pattern(this, 'project', project, PROJECT_ID);
    const keep = range(this, 'cleanup.keepNewest', props.cleanup?.keepNewest ?? 10, KEEP_NEWEST);
    const untagged = props.cleanup?.deleteUntaggedAfterDays ?? 14;
    range(this, 'cleanup.deleteUntaggedAfterDays', untagged, UNTAGGED_DAYS);

    this.url = `${location}-docker.pkg.dev/${project}/${repositoryId}`;
    this.resource = new ArtifactRegistryRepository(this, 'repository', {
      repositoryId,
      location,
      project,
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      dockerConfig: { immutableTags: props.immutableTags ?? true },
      cleanupPolicyDryRun: false,
      cleanupPolicies: [
        { id: 'keep-newest', action: 'KEEP', mostRecentVersions: { keepCount: keep } },
        {
          id: 'delete-untagged',
          action: 'DELETE',
          condition: { tagState: 'UNTAGGED', olderThan: `${untagged * SECONDS_PER_DAY}s` },
        },
      ],
      kmsKeyName: key?.keyId,
      labels: props.labels,
      dependsOn: key && [key.grantEncryptDecrypt(ServiceAgents.of(this, project).artifactRegistry)],
    });
  }

  grantRead(grantee: Grantee): ArtifactRegistryRepositoryIamMember {
    return this.#grant('grant-read', 'roles/artifactregistry.reader', grantee);
  }

  grantWrite(grantee: Grantee): ArtifactRegistryRepositoryIamMember {
    return this.#grant('grant-write', 'roles/artifactregistry.writer', grantee);
  }

  #grant(verb: string, role: string, grantee: Grantee): ArtifactRegistryRepositoryIamMember {
    const { location, project } = this.#props;
    return grantOnce(
      this,
      verb,
      grantee,
      (id, member) =>
        new ArtifactRegistryRepositoryIamMember(this, id, {
          repository: this.resource.name,
          location,
          project,
          role,
          member,
        }),
    );
  }
}
