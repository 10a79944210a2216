/**
 * What KWOK does in place of kubelets. Nodes are created complete (nodes.ts), so only pods need steps: a scheduled pod
 * becomes ready, a Job's pod succeeds, a deleted pod goes at once. References to missing Secrets and images are not
 * noticed here: that is the checks' work.
 */
const stage = (name: string, kind: string, selector: string, next: string) => `apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: ${name}
spec:
  resourceRef: {apiGroup: v1, kind: ${kind}}
  selector:
    matchExpressions:
${indent(selector, 4)}
  next:
${indent(next, 4)}
`;

const indent = (text: string, width: number): string =>
  text
    .trim()
    .split('\n')
    .map((line) => ' '.repeat(width) + line)
    .join('\n');

const NOT_DELETED = '- {key: .metadata.deletionTimestamp, operator: DoesNotExist}';
const READY = `{key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: NotIn, values: ['True']}`;

const nodeReady = stage(
  'node-ready',
  'Node',
  `- ${READY}`,
  `
statusTemplate: |
  {{ $now := Now }}
  conditions:
  {{ range NodeConditions }}
  - type: {{ .type | Quote }}
    status: {{ .status | Quote }}
    reason: {{ .reason | Quote }}
    message: {{ .message | Quote }}
    lastHeartbeatTime: {{ $now | Quote }}
    lastTransitionTime: {{ $now | Quote }}
  {{ end }}
  phase: Running
`,
);

const podReady = stage(
  'pod-ready',
  'Pod',
  `
${NOT_DELETED}
- {key: .status.phase, operator: In, values: [Pending]}
- ${READY}
`,
  `
statusTemplate: |
  {{ $now := Now }}
  {{ $ips := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
  {{ $hosts := NodeIPsWith .spec.nodeName }}
  phase: Running
  startTime: {{ $now | Quote }}
  {{ with $hosts }}
  hostIP: {{ index . 0 | Quote }}
  hostIPs: [{ip: {{ index . 0 | Quote }}}]
  {{ end }}
  {{ with $ips }}
  podIP: {{ index . 0 | Quote }}
  podIPs: [{ip: {{ index . 0 | Quote }}}]
  {{ end }}
  conditions:
  - {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
  - {type: ContainersReady, status: "True", lastTransitionTime: {{ $now | Quote }}}
  - {type: Ready, status: "True", lastTransitionTime: {{ $now | Quote }}}
  {{ range .spec.readinessGates }}
  - {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
  {{ end }}
  containerStatuses:
  {{ range .spec.containers }}
  - name: {{ .name | Quote }}
    image: {{ .image | Quote }}
    imageID: ""
    ready: true
    started: true
    restartCount: 0
    state: {running: {startedAt: {{ $now | Quote }}}}
  {{ end }}
  initContainerStatuses:
  {{ range .spec.initContainers }}
  - name: {{ .name | Quote }}
    image: {{ .image | Quote }}
    imageID: ""
    ready: true
    restartCount: 0
    {{ if eq .restartPolicy "Always" }}
    started: true
    state: {running: {startedAt: {{ $now | Quote }}}}
    {{ else }}
    state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
    {{ end }}
  {{ end }}
`,
);

const podCompleted = stage(
  'pod-completed',
  'Pod',
  `
${NOT_DELETED}
- {key: .status.phase, operator: In, values: [Running]}
- {key: '.metadata.ownerReferences.[].kind', operator: In, values: [Job]}
`,
  `
statusTemplate: |
  {{ $now := Now }}
  phase: Succeeded
  containerStatuses:
  {{ range .spec.containers }}
  - name: {{ .name | Quote }}
    image: {{ .image | Quote }}
    imageID: ""
    ready: false
    started: false
    restartCount: 0
    state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
  {{ end }}
`,
);

const podDeleted = stage(
  'pod-deleted',
  'Pod',
  '- {key: .metadata.deletionTimestamp, operator: Exists}',
  'delete: true',
);

/** KWOK's configuration file. */
export const KWOK_STAGES = [nodeReady, podReady, podCompleted, podDeleted].join('---\n');
