import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IArtifactRegistry } from './artifact-registry.ts';
import { ServiceIdentity } from './service-identity.ts';

/** What GKE asks of a node's account, and nothing else: logs, metrics and autoscaling metrics (CIS GKE 5.2.1). */
export const NODE_ROLE = 'roles/container.defaultNodeServiceAccount';
/** Pulling images from every repository of the project. */
export const PULL_ROLE = 'roles/artifactregistry.reader';

export interface NodeIdentityProps {
  readonly accountId: string;
  readonly project: string;
  readonly displayName: string;
  /** Repositories to pull from; none means every one of the project, an empty list none at all. */
  readonly registries?: readonly IArtifactRegistry[];
}

/** The account under which nodes run. Workloads have identities of their own, so it needs nothing of theirs. */
export class NodeIdentity extends Construct {
  readonly account: ServiceIdentity;
  /** What must exist before a node starts, or its first logs and pulls fail. */
  readonly dependable: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { accountId, project, displayName, registries }: NodeIdentityProps) {
    super(scope, id);
    this.account = new ServiceIdentity(this, 'account', { accountId, project, displayName });
    const role = this.account.grantProjectRole(NODE_ROLE);
    const pulls = registries
      ? registries.map((registry) => registry.grantRead(this.account))
      : [this.account.grantProjectRole(PULL_ROLE)];
    this.dependable = [role, ...pulls];
  }

  get email(): string {
    return this.account.email;
  }
}
