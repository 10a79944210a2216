import { Release } from '@cdktf/provider-helm/lib/release/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ensure, isKnown, pattern, range, refuse } from '../validation.ts';
import { deepMerge, type Values } from '../values/deep-merge.ts';
import type { Placement } from '../values/placement.ts';
import { inRange } from '../values/version-range.ts';
import { toYaml, unwritable } from '../values/yaml.ts';
import { type ChartKey, type ChartSpec, charts } from './charts.ts';
import type { Footprint } from './footprint.ts';

/** What every installed chart may be told. */
export interface HelmOptions {
  /**
   * Values over ours: maps merge, lists and scalars replace, `null` removes our value (or, where we set none, the
   * chart's). They pass through Terraform, so a `${` meant for the chart is written `$${`.
   * @default none
   */
  readonly values?: Values;
  /**
   * How long an install or upgrade may take until everything is ready, 60-3600 seconds; then it is rolled back.
   * @default 600, since a new node has to pull every image first
   */
  readonly timeoutSeconds?: number;
  /** Revisions that Helm keeps for a rollback, 1-50; each is a Secret in the namespace. @default 5 */
  readonly maxHistory?: number;
  /** The cluster's Kubernetes version, e.g. `1.34`, held against the chart's range. @default not checked */
  readonly kubernetesVersion?: string;
  /** What must exist before the install, beside what the values refer to. @default nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** What an add-on of ours, made of one chart or more, may be told. */
export interface AddOnOptions extends HelmOptions {
  /** An existing namespace: it is a resource of its own, so that its labels are ours. */
  readonly namespace: string;
  /** Where its pods run. @default any untainted node */
  readonly placement?: Placement;
}

export interface HelmInstallProps extends HelmOptions {
  /** A chart of the pinned list, or one of your own. */
  readonly chart: ChartKey | ChartSpec;
  /** An existing namespace. */
  readonly namespace: string;
  /** @default the chart's key in the list, or its name */
  readonly releaseName?: string;
  /** Our values, under the user's. @default the chart's own */
  readonly defaults?: Values;
  /** What the chart puts on the cluster, given the values that Helm gets in the end. */
  readonly footprint: Footprint | ((values: Values) => Footprint);
  /** Leave out the chart's `crds/` folder, because something else brings them. @default false */
  readonly skipCrds?: boolean;
}

const releaseName = {
  regex: /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/,
  means: '1-53 lower-case letters, digits or hyphens, starting and ending with a letter or digit',
};

/** A chart, installed as a whole or not at all. */
export class HelmInstall extends Construct implements ITerraformDependable {
  /** The underlying resource, for `addOverride`. */
  readonly release: Release;
  readonly chart: ChartSpec;
  readonly footprint: Footprint;
  /** The values that Helm gets, merged. */
  readonly values: Values;

  constructor(scope: Construct, id: string, props: HelmInstallProps) {
    super(scope, id);
    const chart: ChartSpec = typeof props.chart === 'string' ? charts[props.chart] : props.chart;
    const label = typeof props.chart === 'string' ? props.chart : chart.name;
    const name = pattern(this, 'releaseName', props.releaseName ?? label, releaseName);
    const timeout = range(this, 'timeoutSeconds', props.timeoutSeconds ?? 600, { min: 60, max: 3600 });
    const maxHistory = range(this, 'maxHistory', props.maxHistory ?? 5, { min: 1, max: 50 });
    if (isKnown(props.kubernetesVersion))
      ensure(
        this,
        inRange(props.kubernetesVersion, chart.kubernetes),
        'kubernetesVersion',
        `must be ${chart.kubernetes} for ${label} ${chart.version}`,
        props.kubernetesVersion,
      );

    this.chart = chart;
    this.values = deepMerge(props.defaults, props.values);
    const unwritten = unwritable(this.values);
    if (unwritten !== undefined) refuse(this, `values.${unwritten}`, 'must be known at synthesis, or be a string');
    const footprint = typeof props.footprint === 'function' ? props.footprint(this.values) : props.footprint;
    this.footprint = props.skipCrds && chart.crds === 'folder' ? { ...footprint, crds: [] } : footprint;
    this.demandRequests();

    this.release = new Release(this, 'Release', {
      name,
      chart: chart.name,
      repository: chart.repository,
      version: chart.version,
      namespace: props.namespace,
      createNamespace: false,
      // a failed install would otherwise leave a release behind that blocks the next apply
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      waitForJobs: true,
      timeout,
      maxHistory,
      skipCrds: props.skipCrds ?? false,
      values: [toYaml(this.values)],
      dependsOn: props.dependsOn ? [...props.dependsOn] : undefined,
    });
    this.release.addOverride('//.plinth', { footprint: this.footprint });
  }

  /** So that an install can be named in another's `dependsOn`. */
  get fqn(): string {
    return this.release.fqn;
  }

  private demandRequests(): void {
    for (const workload of this.footprint.workloads)
      for (const { name, requests } of workload.containers)
        ensure(
          this,
          requests.cpu !== undefined && requests.memory !== undefined,
          'values',
          `must give the container ${workload.name}/${name} requests for cpu and memory`,
          requests,
        );
  }
}
