import { SecretManagerSecret } from '@cdktf/provider-google/lib/secret-manager-secret/index.js';
import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member/index.js';
import { Construct } from 'constructs';
import { distinct, length, type Pattern, pattern, range } from '../validation.ts';
import { type Grantee, grantOnce } from './grants.ts';
import { PROJECT_ID } from './names.ts';

export const SECRET_ID: Pattern = {
  regex: /^[A-Za-z0-9_-]{1,255}$/,
  means: '1-255 letters, digits, hyphens or underscores',
};
/** https://cloud.google.com/secret-manager/docs/rotation-recommendations: one hour to 100 years; whole days here. */
export const SECRET_ROTATION_DAYS = { min: 1, max: 36_500 };
export const TOPIC_NAME: Pattern = {
  regex: /^projects\/[^/]+\/topics\/[^/]+$/,
  means: 'a topic of the form projects/<project>/topics/<topic>',
};
export const TIMESTAMP: Pattern = {
  regex: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  means: 'a UTC time such as 2027-01-31T02:00:00Z',
};

const SECONDS_PER_DAY = 86_400;

export interface ManagedSecretProps {
  /** 1-255 letters, digits, hyphens or underscores. */
  readonly secretId: string;
  /** Project id. */
  readonly project: string;
  /** Where copies are kept: Google's choice, or a list of regions. Fixed at creation. @default 'automatic' */
  readonly replication?: 'automatic' | { readonly regions: readonly string[] };
  /** Reminds whoever listens to the topic to add a new version. @default - no reminder */
  readonly rotation?: {
    /** Days between reminders, 1-36500. */
    readonly periodDays: number;
    /** When the first one is due, e.g. `2027-01-31T02:00:00Z`. */
    readonly first: string;
    /** `projects/<project>/topics/<topic>`; the Secret Manager agent needs roles/pubsub.publisher on it. */
    readonly topic: string;
  };
  /** Refuses to delete the secret. @default false */
  readonly deletionProtection?: boolean;
  /** Labels of the secret. @default - none */
  readonly labels?: Record<string, string>;
}

/**
 * A place for a secret in Secret Manager, and never its value: a version made by Terraform would put the value in
 * the state and the plan. Add it with `gcloud secrets versions add <secret> --data-file=-`.
 */
export class ManagedSecret extends Construct {
  /** The underlying resource. */
  readonly resource: SecretManagerSecret;
  readonly secretId: string;
  readonly #project: string;

  constructor(scope: Construct, id: string, props: ManagedSecretProps) {
    super(scope, id);
    const { rotation, replication = 'automatic' } = props;
    this.secretId = pattern(this, 'secretId', props.secretId, SECRET_ID);
    this.#project = pattern(this, 'project', props.project, PROJECT_ID);
    if (replication !== 'automatic') {
      length(this, 'replication.regions', replication.regions, { min: 1 });
      distinct(this, 'replication.regions', replication.regions);
    }
    if (rotation) {
      range(this, 'rotation.periodDays', rotation.periodDays, SECRET_ROTATION_DAYS);
      pattern(this, 'rotation.first', rotation.first, TIMESTAMP);
      pattern(this, 'rotation.topic', rotation.topic, TOPIC_NAME);
    }

    this.resource = new SecretManagerSecret(this, 'secret', {
      secretId: props.secretId,
      project: props.project,
      replication:
        replication === 'automatic'
          ? { auto: {} }
          : { userManaged: { replicas: replication.regions.map((location) => ({ location })) } },
      topics: rotation && [{ name: rotation.topic }],
      rotation: rotation && {
        rotationPeriod: `${rotation.periodDays * SECONDS_PER_DAY}s`,
        nextRotationTime: rotation.first,
      },
      deletionProtection: props.deletionProtection ?? false,
      labels: props.labels,
      // Secret Manager moves the time on after each reminder.
      lifecycle: rotation && { ignoreChanges: ['rotation[0].next_rotation_time'] },
    });
  }

  /** Lets a member read the value (roles/secretmanager.secretAccessor on this secret only). */
  grantAccess(grantee: Grantee): SecretManagerSecretIamMember {
    return this.#grant('grant-access', 'roles/secretmanager.secretAccessor', grantee);
  }

  /** Lets a member add new values without reading old ones (roles/secretmanager.secretVersionAdder). */
  grantAddVersion(grantee: Grantee): SecretManagerSecretIamMember {
    return this.#grant('grant-add-version', 'roles/secretmanager.secretVersionAdder', grantee);
  }

  #grant(verb: string, role: string, grantee: Grantee): SecretManagerSecretIamMember {
    return grantOnce(
      this,
      verb,
      grantee,
      (id, member) =>
        new SecretManagerSecretIamMember(this, id, {
          secretId: this.resource.secretId,
          project: this.#project,
          role,
          member,
        }),
    );
  }
}
