import { Construct } from 'constructs';
import { ensure } from '../validation.ts';
import type { Callee } from './network-policy.ts';
import type { WorkloadOptions } from './options.ts';
import { Workload } from './workload.ts';

export interface HttpServiceProps extends Omit<WorkloadOptions, 'port'> {
  /** Of its HTTP server: 1024-65535. The Service offers it as 80. @default 8080 */
  readonly port?: number;
}

/** A program that answers HTTP and does not speak to Kafka. Others name it in their `calls`. */
export class HttpService extends Construct implements Callee {
  readonly workload: Workload;
  /** Within the cluster. */
  readonly url: string;
  /** Name of its Service, which listens on port 80. */
  readonly serviceName: string;
  readonly namespace: string;
  /** Label of its pods. */
  readonly app: string;
  /** Of its pods: what a network policy that lets somebody call it names. */
  readonly port: number;

  constructor(scope: Construct, id: string, props: HttpServiceProps) {
    super(scope, id);
    ensure(
      this,
      props.scaling?.type !== 'lag',
      'scaling.type',
      'must be fixed or cpu: only a consumer has a lag',
      props.scaling?.type,
    );
    this.workload = new Workload(this, 'Workload', props);
    this.url = this.workload.url;
    this.serviceName = props.name;
    this.namespace = props.namespace;
    this.app = props.name;
    this.port = props.port ?? 8080;
  }
}
