import { Construct } from 'constructs';
import type { WorkloadOptions } from './options.ts';
import { Workload } from './workload.ts';

export interface HttpServiceProps extends WorkloadOptions {}

/** A program that answers HTTP and does not speak to Kafka. */
export class HttpService extends Construct {
  readonly workload: Workload;
  /** Within the cluster. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: HttpServiceProps) {
    super(scope, id);
    this.workload = new Workload(this, 'Workload', props);
    this.url = `http://${props.name}.${props.namespace}.svc`;
  }
}
