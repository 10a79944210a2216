import { type Block, inventory, recorded, resources, schemaProblems } from '../testing/index.ts';
import { ArtifactRegistry } from './artifact-registry.ts';
import { Bucket } from './bucket.ts';
import { aCluster, PROJECT, REGION, synthGoogle } from './fixture.ts';
import { KmsKey } from './kms-key.ts';
import { ManagedSecret } from './managed-secret.ts';
import { Network } from './network.ts';
import { ProjectServices } from './project-services.ts';
import { ServiceIdentity } from './service-identity.ts';

const everything = () =>
  synthGoogle((stack) => {
    const services = new ProjectServices(stack, 'services', { project: PROJECT, services: ['compute', 'container'] });
    const cluster = aCluster(stack, {
      endpoint: { ip: { publicAddress: true, authorizedNetworks: [{ name: 'office', cidr: '203.0.113.0/24' }] } },
      maintenance: { exclusions: [{ name: 'new-year', from: '2026-12-20T00:00:00Z', to: '2027-01-04T00:00:00Z' }] },
      binaryAuthorization: true,
      securityGroup: 'gke-security-groups@example.com',
      upgradeTopic: `projects/${PROJECT}/topics/upgrades`,
      secretManagerAddon: true,
      backupAgent: true,
      resourceLabels: { environment: 'prod' },
    });
    (stack.node.findChild('network') as Network).allowControlPlaneWebhooks([15017, 9443]);
    const key = new KmsKey(stack, 'disks', { name: 'disks', location: REGION, keyRing: { create: 'disks' } });
    const images = new ArtifactRegistry(stack, 'images', {
      repositoryId: 'images',
      location: REGION,
      project: PROJECT,
      key,
    });
    cluster.addNodePool('brokers', {
      machineType: 'n1-standard-2',
      nodes: { total: 3 },
      diskType: 'pd-ssd',
      diskKey: key,
      taints: [{ key: 'dedicated', value: 'kafka', effect: 'NoSchedule' }],
      registries: [images],
      upgrade: 'blue-green',
    });
    cluster.addNodePool('gpu', {
      machineType: 'g2-standard-4',
      nodes: { minTotal: 0, maxTotal: 5 },
      provisioning: 'spot',
      gpu: { type: 'nvidia-l4', count: 1 },
      maxPodsPerNode: 32,
      labels: { 'example.com/role': 'nlp' },
    });
    const bucket = new Bucket(stack, 'bucket', {
      name: 'example-mails',
      location: REGION,
      project: PROJECT,
      key,
      lifecycle: { deleteAfterDays: 400, transitions: [{ afterDays: 30, storageClass: 'NEARLINE' }] },
    });
    const secret = new ManagedSecret(stack, 'secret', {
      secretId: 'graph',
      project: PROJECT,
      replication: { regions: [REGION] },
      rotation: { periodDays: 90, first: '2027-01-31T02:00:00Z', topic: `projects/${PROJECT}/topics/rotate` },
    });
    const identity = new ServiceIdentity(stack, 'producer', { accountId: 'producer', project: PROJECT });
    identity.bindKubernetes('apps', 'producer', cluster);
    bucket.grantReadWrite(identity);
    secret.grantAccess(identity);
    new Network(stack, 'plain', {
      name: 'plain',
      region: REGION,
      nodesCidr: '10.0.0.0/24',
      podsCidr: '10.1.0.0/16',
      servicesCidr: '10.2.0.0/20',
      nat: { staticAddresses: 2 },
    });
    services.addDependents(cluster);
  });

const whenRecorded = recorded('google-6.50.0') ? test : test.skip;

whenRecorded('the real google provider knows every attribute, and none conflict', () => {
  expect(schemaProblems(everything(), 'google-6.50.0')).toEqual([]);
});

whenRecorded('an attribute that the provider does not know would be noticed', () => {
  const json = synthGoogle((stack) => aCluster(stack).resource.addOverride('enable_everything', true));
  expect(schemaProblems(json, 'google-6.50.0')).toEqual([
    expect.stringMatching(/^google_container_cluster\.\w+: enable_everything does not exist$/),
  ]);
});

test('no resource of these constructs holds the value of a secret', () => {
  const found = inventory(everything());
  const values = ['google_secret_manager_secret_version', 'google_service_account_key', 'random_password'];
  expect(values.filter((type) => type in found)).toEqual([]);
});

test('nobody is given a basic role, and nothing is public', () => {
  const json = everything();
  const bindings = Object.keys(json.resource ?? {})
    .filter((type) => type.endsWith('_iam_member'))
    .flatMap((type) => resources(json, type));
  const wrong = ({ role, member }: Block) => /^roles\/(owner|editor|viewer)$/.test(role) || /^all/.test(member);
  expect(bindings.length).toBeGreaterThan(0);
  expect(bindings.filter(wrong)).toEqual([]);
});
