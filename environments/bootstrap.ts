import type { Environment } from './schema.ts';

/** APIs that must be on before the first plan; the foundation enables the others. */
export const BOOTSTRAP_SERVICES = [
  'cloudkms',
  'cloudresourcemanager',
  'iam',
  'iamcredentials',
  'serviceusage',
  'storage',
];

/** What the deployer needs to make a foundation, and no more. */
const DEPLOYER_ROLES = [
  'roles/artifactregistry.admin',
  'roles/cloudkms.admin',
  'roles/compute.networkAdmin',
  'roles/compute.securityAdmin',
  'roles/container.admin',
  'roles/iam.serviceAccountAdmin',
  'roles/iam.serviceAccountUser',
  'roles/resourcemanager.projectIamAdmin',
  'roles/serviceusage.serviceUsageAdmin',
];
const ROTATION_DAYS = 90;
const ISSUER = 'https://token.actions.githubusercontent.com';

export interface BootstrapStep {
  title: string;
  /** Program and arguments. */
  command: string[];
  /** A failure that says "it is there already" is no failure. */
  mayExist: boolean;
}

/** The steps to take once per environment, each safe to repeat. Throws for an environment that is not in Google's cloud. */
export function bootstrapSteps(environment: Environment, repository?: string): BootstrapStep[] {
  const { google, backend, name } = environment;
  if (!google || backend.type !== 'gcs') {
    throw new Error(`${name} is of kind ${environment.kind}: there is nothing to bootstrap, its state is a local file`);
  }
  const { project, region } = google;
  const ring = google.keyRing ?? `plinth-${name}`;
  const deployer = `plinth-deployer@${project}.iam.gserviceaccount.com`;
  const step = (title: string, args: string, mayExist = false): BootstrapStep => ({
    title,
    command: ['gcloud', ...args.split(' '), `--project=${project}`],
    mayExist,
  });
  const federation = repository
    ? [
        step('Federation: pool', 'iam workload-identity-pools create github --location=global', true),
        step(
          'Federation: provider, for this repository only',
          `iam workload-identity-pools providers create-oidc github --location=global --workload-identity-pool=github --issuer-uri=${ISSUER} --attribute-mapping=google.subject=assertion.sub,attribute.repository=assertion.repository --attribute-condition=assertion.repository=='${repository}'`,
          true,
        ),
      ]
    : [];
  return [
    step('APIs', `services enable ${BOOTSTRAP_SERVICES.map((service) => `${service}.googleapis.com`).join(' ')}`),
    step(
      'State bucket',
      `storage buckets create gs://${backend.bucket} --location=${region} --uniform-bucket-level-access --public-access-prevention`,
      true,
    ),
    step('State bucket: versions are kept', `storage buckets update gs://${backend.bucket} --versioning`),
    step('Key ring', `kms keyrings create ${ring} --location=${region}`, true),
    step(
      'Key for the secrets of the cluster',
      `kms keys create gke --keyring=${ring} --location=${region} --purpose=encryption --rotation-period=${ROTATION_DAYS}d --next-rotation-time=+p${ROTATION_DAYS}d`,
      true,
    ),
    step('Deployer', 'iam service-accounts create plinth-deployer', true),
    ...DEPLOYER_ROLES.map((role) =>
      step(
        `Deployer: ${role}`,
        `projects add-iam-policy-binding ${project} --member=serviceAccount:${deployer} --role=${role} --condition=None`,
      ),
    ),
    step(
      'Deployer: the state',
      `storage buckets add-iam-policy-binding gs://${backend.bucket} --member=serviceAccount:${deployer} --role=roles/storage.objectAdmin`,
    ),
    ...federation,
  ];
}
