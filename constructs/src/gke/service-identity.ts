import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member/index.js';
import { Construct } from 'constructs';
import { type Pattern, pattern } from '../validation.ts';
import type { IGkeCluster } from './gke-cluster.ts';
import type { IGrantee } from './grants.ts';
import { ACCOUNT_ID, PROJECT_ID } from './names.ts';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const KUBERNETES_NAME: Pattern = {
  regex: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  means: '1-63 lower-case letters, digits or hyphens, beginning and ending with a letter or digit',
};
/** Basic roles reach everything in a project, and no workload needs one (CIS GCP 1.5). */
export const PROJECT_ROLE: Pattern = {
  regex: /^(?!roles\/(owner|editor|viewer)$)(roles|(projects|organizations)\/[^/]+\/roles)\/[A-Za-z0-9_.]+$/,
  means: 'a role such as roles/storage.objectViewer, and none of roles/owner, roles/editor, roles/viewer',
};

export interface ServiceIdentityProps {
  /** 6-30 lower-case letters, digits or hyphens. The e-mail address begins with it. */
  readonly accountId: string;
  /** Project id. */
  readonly project: string;
  /** Shown in the console. @default - the account id */
  readonly displayName?: string;
}

/**
 * A Google identity for a workload. Kubernetes service accounts act as it through Workload Identity (CIS GKE 5.2.2),
 * so it has no key that could leak.
 */
export class ServiceIdentity extends Construct implements IGrantee {
  /** The underlying resource. */
  readonly resource: ServiceAccount;
  readonly accountId: string;
  readonly project: string;

  constructor(scope: Construct, id: string, props: ServiceIdentityProps) {
    super(scope, id);
    this.accountId = pattern(this, 'accountId', props.accountId, ACCOUNT_ID);
    this.project = pattern(this, 'project', props.project, PROJECT_ID);
    this.resource = new ServiceAccount(this, 'account', {
      accountId: props.accountId,
      project: props.project,
      displayName: props.displayName ?? props.accountId,
    });
  }

  get grantId(): string {
    return this.accountId;
  }

  get iamMember(): string {
    return this.resource.member;
  }

  get email(): string {
    return this.resource.email;
  }

  /** What a Kubernetes service account must carry to act as this identity. */
  get kubernetesAnnotations(): Record<string, string> {
    return { 'iam.gke.io/gcp-service-account': this.email };
  }

  /**
   * Lets the Kubernetes service account `namespace/name` act as this identity.
   * @param cluster the identity pool belongs to the project and appears with its first cluster: name the cluster
   * when it is made in the same stack
   */
  bindKubernetes(namespace: string, name: string, cluster?: IGkeCluster): ServiceAccountIamMember {
    pattern(this, 'namespace', namespace, KUBERNETES_NAME);
    pattern(this, 'name', name, KUBERNETES_NAME);
    const id = `bind-${namespace}-${name}`;
    const existing = this.node.tryFindChild(id) as ServiceAccountIamMember | undefined;
    return (
      existing ??
      new ServiceAccountIamMember(this, id, {
        serviceAccountId: this.resource.name,
        role: 'roles/iam.workloadIdentityUser',
        member: `serviceAccount:${cluster?.workloadPool ?? `${this.project}.svc.id.goog`}[${namespace}/${name}]`,
        dependsOn: cluster?.dependable,
      })
    );
  }

  /** Gives a role over the whole project; prefer the grant of one bucket, secret, key or repository. */
  grantProjectRole(role: string): ProjectIamMember {
    pattern(this, 'role', role, PROJECT_ROLE);
    const id = `role-${role.split('/').pop()!.replaceAll('.', '-')}`;
    const existing = this.node.tryFindChild(id) as ProjectIamMember | undefined;
    return existing ?? new ProjectIamMember(this, id, { project: this.project, role, member: this.iamMember });
  }
}
