import { resource, resources } from '../testing/index.ts';
import { Bucket } from './bucket.ts';
import { aCluster, PROJECT, REGION, synthGoogle } from './fixture.ts';
import { ProjectServices } from './project-services.ts';

const synth = (services: string[]) =>
  synthGoogle((stack) => void new ProjectServices(stack, 'services', { project: PROJECT, services }));

test('an API stays enabled when the stack is destroyed', () => {
  expect(resource(synth(['compute']), 'google_project_service')).toEqual({
    project: PROJECT,
    service: 'compute.googleapis.com',
    disable_on_destroy: false,
    disable_dependent_services: false,
  });
});

test('an API may be named in full', () => {
  const services = resources(synth(['compute', 'container.googleapis.com']), 'google_project_service');
  expect(services.map(({ service }) => service)).toEqual(['compute.googleapis.com', 'container.googleapis.com']);
});

test('dependents wait for the API that serves them, and for no other', () => {
  const json = synthGoogle((stack) => {
    const services = new ProjectServices(stack, 'services', { project: PROJECT, services: ['compute', 'storage'] });
    aCluster(stack);
    const bucket = new Bucket(stack, 'bucket', { name: 'example-mails', location: REGION, project: PROJECT });
    services.addDependents(stack.node.findChild('network'), bucket);
  });
  const waitsFor = (type: string) => resource(json, type).depends_on;
  expect(waitsFor('google_compute_network')).toEqual([
    expect.stringMatching(/^google_project_service\.services_compute_\w+$/),
  ]);
  expect(waitsFor('google_storage_bucket')).toEqual([
    expect.stringMatching(/^google_project_service\.services_storage_\w+$/),
  ]);
});

test('waiting for an API keeps what a resource already waited for', () => {
  const json = synthGoogle((stack) => {
    const services = new ProjectServices(stack, 'services', { project: PROJECT, services: ['container'] });
    services.addDependents(aCluster(stack));
  });
  expect(resource(json, 'google_container_cluster').depends_on).toEqual([
    expect.stringContaining('grant-encrypt-decrypt-kubernetes-engine-agent'),
    expect.stringContaining('role-container-defaultNodeServiceAccount'),
    expect.stringContaining('google_project_service.services_container'),
  ]);
});

test.each([
  [[], 'services must have at least 1 entries, got 0'],
  [['compute', 'compute.googleapis.com'], 'services must not repeat an entry, got "compute"'],
  [
    ['Compute Engine'],
    'services must be a service such as container or container.googleapis.com, got "Compute Engine"',
  ],
])('%j is refused', (services, message) => {
  expect(() => synth(services)).toThrow(new Error(`prod/services: ${message}`));
});
