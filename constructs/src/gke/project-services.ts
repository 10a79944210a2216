import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js';
import { Aspects, dependable, TerraformResource } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { distinct, length, type Pattern, pattern } from '../validation.ts';
import { PROJECT_ID } from './names.ts';

const SUFFIX = '.googleapis.com';

export const SERVICE: Pattern = {
  regex: /^[a-z][a-z0-9-]*(\.googleapis\.com)?$/,
  means: 'a service such as container or container.googleapis.com',
};

/** Which API serves a resource type; the first prefix that fits. */
const SERVED_BY: readonly (readonly [prefix: string, service: string])[] = [
  ['google_artifact_registry_', 'artifactregistry'],
  ['google_compute_', 'compute'],
  ['google_container_', 'container'],
  ['google_kms_', 'cloudkms'],
  ['google_project_iam_', 'cloudresourcemanager'],
  ['google_pubsub_', 'pubsub'],
  ['google_secret_manager_', 'secretmanager'],
  ['google_service_account', 'iam'],
  ['google_storage_', 'storage'],
];

export interface ProjectServicesProps {
  /** Project id. */
  readonly project: string;
  /** APIs to enable, with or without `.googleapis.com`; at least one. */
  readonly services: readonly string[];
}

/**
 * The APIs that a project needs. They stay enabled when the stack is destroyed: other stacks and people may use them,
 * and disabling one deletes what it manages.
 */
export class ProjectServices extends Construct {
  /** The underlying resources, by the service's short name. */
  readonly resources: ReadonlyMap<string, ProjectService>;

  constructor(scope: Construct, id: string, { project, services }: ProjectServicesProps) {
    super(scope, id);
    pattern(this, 'project', project, PROJECT_ID);
    length(this, 'services', services, { min: 1 });
    for (const service of services) pattern(this, 'services', service, SERVICE);
    const short = services.map((service) => service.replace(SUFFIX, ''));
    distinct(this, 'services', short);
    this.resources = new Map(
      short.map((name) => [
        name,
        new ProjectService(this, name, {
          project,
          service: `${name}${SUFFIX}`,
          disableOnDestroy: false,
          disableDependentServices: false,
        }),
      ]),
    );
  }

  /** Makes every resource below wait for the API that serves it, where that API is one of these. */
  addDependents(...dependents: IConstruct[]): this {
    const visit = (node: IConstruct) => {
      if (!(node instanceof TerraformResource) || node instanceof ProjectService) return;
      const type = node.terraformResourceType;
      const name = SERVED_BY.find(([prefix]) => type.startsWith(prefix))?.[1];
      const service = name && this.resources.get(name);
      if (service) node.dependsOn = [...new Set([...(node.dependsOn ?? []), dependable(service)])];
    };
    for (const dependent of dependents) Aspects.of(dependent).add({ visit });
    return this;
  }
}
