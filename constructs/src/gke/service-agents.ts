import { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project/index.js';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { pattern } from '../validation.ts';
import type { IGrantee } from './grants.ts';
import { PROJECT_ID } from './names.ts';

/**
 * The accounts under which Google's own services act in a project. Their addresses carry the project's number, which
 * is looked up. An agent exists only after its API was enabled.
 */
export class ServiceAgents extends Construct {
  /** The underlying data source. */
  readonly resource: DataGoogleProject;

  /** One look-up per project and stack, however many constructs ask. */
  static of(scope: Construct, project: string): ServiceAgents {
    const stack = TerraformStack.of(scope);
    const id = `service-agents-${project}`;
    return (stack.node.tryFindChild(id) as ServiceAgents | undefined) ?? new ServiceAgents(stack, id, project);
  }

  constructor(scope: Construct, id: string, project: string) {
    super(scope, id);
    pattern(this, 'project', project, PROJECT_ID);
    this.resource = new DataGoogleProject(this, 'project', { projectId: project });
  }

  /** The project's number, known after the look-up. */
  get projectNumber(): string {
    return this.resource.number;
  }

  /** GKE: encrypts Kubernetes Secrets, manages node pools. */
  get kubernetesEngine(): IGrantee {
    return this.agent('kubernetes-engine', 'container-engine-robot.iam.gserviceaccount.com');
  }

  /** Compute Engine: encrypts boot disks and volumes. */
  get computeEngine(): IGrantee {
    return this.agent('compute-engine', 'compute-system.iam.gserviceaccount.com');
  }

  /** Cloud Storage: encrypts buckets. */
  get storage(): IGrantee {
    return this.agent('storage', 'gs-project-accounts.iam.gserviceaccount.com');
  }

  /** Artifact Registry: encrypts repositories. */
  get artifactRegistry(): IGrantee {
    return this.agent('artifact-registry', 'gcp-sa-artifactregistry.iam.gserviceaccount.com');
  }

  /** Secret Manager: encrypts secrets, publishes rotation reminders. */
  get secretManager(): IGrantee {
    return this.agent('secret-manager', 'gcp-sa-secretmanager.iam.gserviceaccount.com');
  }

  private agent(name: string, domain: string): IGrantee {
    return { grantId: `${name}-agent`, iamMember: `serviceAccount:service-${this.projectNumber}@${domain}` };
  }
}
