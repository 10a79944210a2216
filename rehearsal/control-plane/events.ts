import type { KubeClient, KubeObject } from '../kubernetes-client/index.ts';

/** An event about an object, as `kubectl describe` shows it. */
export async function recordEvent(
  client: KubeClient,
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const namespace = object.metadata.namespace ?? 'default';
  await client.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${object.metadata.name}.${Date.now().toString(16)}${Math.random().toString(16).slice(2, 8)}`,
      namespace,
    },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name: object.metadata.name,
      namespace: object.metadata.namespace,
      uid: object.metadata.uid,
    },
    type,
    reason,
    message,
    source: { component: 'plinth-rehearsal' },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
