import { type Placement, podPlacement } from '../values/placement.ts';

/** What Pod Security `restricted` demands of a pod. Strimzi's images run as user 1001 of group 0. */
const POD_SECURITY = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
/** And of each container: the operator adds none by itself unless it is told to at its own install. */
const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

/** Strimzi's pod template has no node selector: affinity says the same. */
function nodeAffinity(placement: Placement | undefined) {
  const { nodeSelector } = podPlacement(placement);
  const matchExpressions = Object.entries(nodeSelector).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return matchExpressions.length === 0
    ? {}
    : {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
      };
}

function tolerations(placement: Placement | undefined) {
  const found = podPlacement(placement).tolerations;
  return found.length === 0 ? {} : { tolerations: found };
}

/**
 * Of the nodes of one pool.
 * @param labels those of the pool's pods: two of them on one machine would lose two copies with it
 * @param zones whether they are spread over zones too
 */
export function nodeTemplate(labels: Record<string, string>, placement: Placement | undefined, zones: boolean) {
  const labelSelector = { matchLabels: labels };
  return {
    pod: {
      // Volumes belong to the image's group.
      securityContext: { ...POD_SECURITY, fsGroup: 0 },
      affinity: {
        ...nodeAffinity(placement),
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }],
        },
      },
      ...tolerations(placement),
      ...(zones
        ? {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'topology.kubernetes.io/zone',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector,
              },
            ],
          }
        : {}),
      // Writing out the page cache and handing over leadership takes longer than Kubernetes' half a minute.
      terminationGracePeriodSeconds: 120,
    },
    kafkaContainer: { securityContext: CONTAINER_SECURITY },
    // Reads the node's zone.
    ...(zones ? { initContainer: { securityContext: CONTAINER_SECURITY } } : {}),
  };
}

/** Of the pod with the topic and the user operator. */
export function operatorTemplate(placement: Placement | undefined) {
  const affinity = nodeAffinity(placement);
  return {
    pod: {
      securityContext: POD_SECURITY,
      ...(affinity.nodeAffinity ? { affinity } : {}),
      ...tolerations(placement),
    },
    topicOperatorContainer: { securityContext: CONTAINER_SECURITY },
    userOperatorContainer: { securityContext: CONTAINER_SECURITY },
  };
}
