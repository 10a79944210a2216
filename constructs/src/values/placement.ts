/** Where pods may run. */
export interface Placement {
  /**
   * Name of a node pool, matched by the label that GKE puts on its nodes, `cloud.google.com/gke-nodepool`.
   * @default any node
   */
  readonly pool?: string;
  /** Further labels that a node must carry. @default none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the pods accept. A pool's taints must be named here, or its nodes stay out of reach. @default none */
  readonly tolerations?: readonly Toleration[];
}

export type Toleration = {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
};

export const poolLabel = 'cloud.google.com/gke-nodepool';

/** The placement as a pod's fields; empty where nothing was asked. */
export function podPlacement(placement: Placement = {}): {
  nodeSelector: Record<string, string>;
  tolerations: Toleration[];
} {
  return {
    nodeSelector: {
      ...(placement.pool === undefined ? {} : { [poolLabel]: placement.pool }),
      ...placement.nodeSelector,
    },
    tolerations: [...(placement.tolerations ?? [])],
  };
}
