import type { KubeClient } from '../../kubernetes-client/index.ts';
import { KUBERNETES } from '../../terraform/behaviour/kubernetes.ts';
import {
  isUnknown,
  type Obj,
  type ProviderDefinition,
  ProviderError,
  type ProviderSchema,
} from '../../terraform/provider.ts';
import { KINDS } from './kinds.ts';
import { manifestHandler } from './manifest.ts';
import { typedHandler } from './typed.ts';

export { KINDS } from './kinds.ts';

export interface KubernetesProviderOptions {
  /** Schemas of the types in use; decides which handlers there are. */
  schema: ProviderSchema;
  /** The API server that the provider's configuration names; throws when it names another. */
  connect(config: Obj): Promise<KubeClient>;
}

/** Stand-in for provider kubernetes 2.38.0: applies to the API server that the configuration names. */
export function kubernetesProvider({ schema, connect }: KubernetesProviderOptions): ProviderDefinition {
  let client: Promise<KubeClient> | undefined;
  const connected = () => {
    if (!client) throw new ProviderError('the provider is not configured');
    return client;
  };
  const resources: ProviderDefinition['resources'] = {};
  for (const [type, block] of Object.entries(schema.resources)) {
    const kind = KINDS[type];
    if (type === 'kubernetes_manifest') resources[type] = manifestHandler(connected);
    else if (kind) resources[type] = typedHandler(block, kind, connected);
  }
  return {
    name: 'kubernetes',
    behaviour: KUBERNETES,
    async configure(config) {
      if (isUnknown(config.host)) {
        // The real provider connects to localhost then, and fails with a message about that.
        client = Promise.reject(
          new ProviderError(
            "the provider's host is not known yet",
            'It depends on something that the same plan creates. Put the cluster and what runs on it into different stacks.',
          ),
        );
      } else {
        client = connect(config);
      }
      client.catch(() => {});
      return [];
    },
    resources,
    dataSources: {},
  };
}
