import { synthOnCluster } from '../helm/fixture.ts';
import { type Block, resource } from '../testing/synth.ts';
import { Workload, type WorkloadProps } from './workload.ts';

/** A workload `api` in `apps`, for tests of one of its properties. */
export const synthWorkload = (props: Partial<WorkloadProps> = {}) =>
  synthOnCluster((stack) => {
    new Workload(stack, 'Api', { name: 'api', namespace: 'apps', image: 'example.com/api:1.0', ...props });
  });

/** The pod template of the one Deployment. */
export const podOf = (props: Partial<WorkloadProps> = {}): { metadata: Block; spec: Block } =>
  resource(synthWorkload(props), 'kubernetes_deployment_v1').spec.template;

export const containerOf = (props: Partial<WorkloadProps> = {}): Block => podOf(props).spec.container[0];
