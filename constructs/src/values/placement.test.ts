import { podPlacement } from './placement.ts';

test('a pool becomes the node label that GKE sets, beside further labels and tolerations', () => {
  expect(
    podPlacement({
      pool: 'edge',
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'dedicated', value: 'edge', effect: 'NoSchedule' }],
    }),
  ).toEqual({
    nodeSelector: { 'cloud.google.com/gke-nodepool': 'edge', disk: 'ssd' },
    tolerations: [{ key: 'dedicated', value: 'edge', effect: 'NoSchedule' }],
  });
});

test('without a placement pods may run anywhere untainted', () => {
  expect(podPlacement()).toEqual({ nodeSelector: {}, tolerations: [] });
});
