import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';
import { resourcesOf, type SynthesizedStack } from './synthesized.ts';

/** An edit made behind Terraform's back, and how to undo it. */
export interface Drift {
  stack: SynthesizedStack;
  /** e.g. `kafka/KafkaTopic/mail: spec.partitions 6 -> 7`. */
  description: string;
  /** Address of the resource whose plan must show it. */
  address: string;
  undo(): Promise<void>;
}

interface Target {
  stack: SynthesizedStack;
  address: string;
  apiVersion: string;
  kind: string;
  name: string;
  /** Path below spec of a number to raise by one. */
  path: string[];
}

const numberAt = (object: KubeObject, path: string[]): number | undefined => {
  const value = path.reduce<Record<string, unknown> | undefined>(
    (part, step) => part?.[step] as Record<string, unknown> | undefined,
    object.spec,
  ) as unknown;
  return typeof value === 'number' ? value : undefined;
};

/**
 * A topic's retention where there is a topic, else the replicas of a Deployment that Terraform scales. Not a topic's
 * partitions: Kafka cannot take them back, so the edit could not be undone.
 */
function candidates(stacks: SynthesizedStack[]): Target[] {
  const topics: Target[] = [];
  const deployments: Target[] = [];
  for (const stack of stacks) {
    for (const [id, resource] of resourcesOf(stack.json, 'kubernetes_manifest')) {
      const manifest = resource.manifest as KubeObject;
      if (manifest?.kind !== 'KafkaTopic') continue;
      const { name } = manifest.metadata;
      topics.push({
        stack,
        address: `kubernetes_manifest.${id}`,
        apiVersion: manifest.apiVersion,
        kind: manifest.kind,
        name,
        path: ['config', 'retention.ms'],
      });
    }
    for (const [id, resource] of resourcesOf(stack.json, 'kubernetes_deployment_v1')) {
      const metadata = [resource.metadata].flat()[0] as { name?: string } | undefined;
      const ignored = (resource.lifecycle as { ignore_changes?: string[] } | undefined)?.ignore_changes ?? [];
      if (!metadata?.name || metadata.name.includes('${') || ignored.some((path) => path.includes('replicas')))
        continue;
      deployments.push({
        stack,
        address: `kubernetes_deployment_v1.${id}`,
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: metadata.name,
        path: ['replicas'],
      });
    }
  }
  return [...topics, ...deployments];
}

/** Makes one edit that the next plan must show; undefined when the stacks hold nothing to edit. */
export async function injectDrift(client: KubeClient, stacks: SynthesizedStack[]): Promise<Drift | undefined> {
  for (const target of candidates(stacks)) {
    const { apiVersion, kind, name, path } = target;
    // The namespace is often a reference to a resource; the name is unique enough to find the object by.
    const objects = await client.list(apiVersion, kind, { fieldSelector: `metadata.name=${name}` }).catch(() => []);
    const [object] = objects;
    const before = object && objects.length === 1 ? numberAt(object, path) : undefined;
    if (!object || before === undefined) continue;
    const { namespace } = object.metadata;
    const patch = (value: number) => ({ spec: path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) });
    const write = (value: number) =>
      client.patch(apiVersion, kind, name, patch(value), { namespace, fieldManager: 'kubectl-edit' });
    await write(before + 1);
    return {
      stack: target.stack,
      address: target.address,
      description: `${namespace}/${kind}/${name}: spec.${path.join('.')} ${before} -> ${before + 1}`,
      undo: async () => {
        await write(before);
      },
    };
  }
  return undefined;
}
