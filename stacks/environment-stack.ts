import { type Placement, poolLabel } from '@plinth/constructs';
import { GcsBackend, LocalBackend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/index.ts';

export type Layer = 'foundation' | 'platform' | 'eventing' | 'apps';

/** Terraform that the output is meant for. */
const TERRAFORM = '>= 1.11.0, < 2.0.0';

/** One layer of an environment: named and stored alike, and telling the rehearsal what it is. */
export class EnvironmentStack extends TerraformStack {
  readonly environment: Environment;

  constructor(scope: Construct, layer: Layer, environment: Environment) {
    super(scope, `${environment.name}-${layer}`);
    this.environment = environment;
    const { backend, name, kind, production, quotas, localNodes } = environment;
    if (backend.type === 'gcs') new GcsBackend(this, { bucket: backend.bucket, prefix: `${backend.prefix}/${layer}` });
    // Relative to the stack's folder in cdktf.out: beside cdktf.json, on every machine.
    else new LocalBackend(this, { path: `../../../terraform.${name}-${layer}.tfstate` });
    this.addOverride('terraform.required_version', TERRAFORM);
    this.addOverride('//.plinth', { environment: name, stack: layer, kind, production, quotas, localNodes });
  }

  /** A pool of the environment, with its taints tolerated; anywhere when the environment has no such pool. */
  placement(pool: string): Placement {
    const found = this.environment.nodePools[pool];
    if (!found) return {};
    const tolerations = found.taints.map(({ key, value, effect }) => ({
      key,
      operator: 'Equal' as const,
      value,
      effect,
    }));
    return { nodeSelector: { [poolLabel]: pool }, tolerations };
  }
}
