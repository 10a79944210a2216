import { RoleBindingV1 } from '@cdktf/provider-kubernetes/lib/role-binding-v1/index.js';
import { RoleV1 } from '@cdktf/provider-kubernetes/lib/role-v1/index.js';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1/index.js';
import { Construct } from 'constructs';
import { distinct, ensure, length } from '../validation.ts';
import { ExternalSecret } from './external-secret.ts';
import { SecretStore } from './secret-store.ts';

export interface CopiedSecret {
  /** The Secret's name where it comes from. */
  readonly name: string;
  /** The copy's name. @default the same */
  readonly as?: string;
  /** Keys to copy, each under its own name. @default all of them */
  readonly keys?: readonly string[];
}

export interface SecretCopiesProps {
  /** Names the store and the identity that reads; unique within both namespaces. */
  readonly name: string;
  /** The namespace that is read. */
  readonly from: string;
  /** The namespace that gets the copies. */
  readonly namespace: string;
  /** At least one. Nothing else of the other namespace comes into reach. */
  readonly secrets: readonly CopiedSecret[];
  /** How often they are read again, at least 10 seconds. @default 300, so that a renewed certificate arrives in time */
  readonly refreshSeconds?: number;
}

/** Copies of named Secrets of another namespace, kept up to date by External Secrets. */
export class SecretCopies extends Construct {
  readonly store: SecretStore;
  /** The copies, in the order asked. */
  readonly copies: readonly ExternalSecret[];

  constructor(scope: Construct, id: string, props: SecretCopiesProps) {
    super(scope, id);
    const { name, from, namespace, secrets } = props;
    length(this, 'secrets', secrets, { min: 1 });
    distinct(this, 'secrets', secrets, (secret) => secret.as ?? secret.name);
    ensure(this, from !== namespace, 'from', 'must be another namespace than that of the copies', from);

    const account = new ServiceAccountV1(this, 'Account', {
      metadata: { name, namespace },
      // only External Secrets acts as it, by tokens that it asks for
      automountServiceAccountToken: false,
    });
    const role = new RoleV1(this, 'Role', {
      metadata: { name, namespace: from },
      // no list and no watch: they cannot be limited to names
      rule: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: [...new Set(secrets.map((secret) => secret.name))].sort(),
          verbs: ['get'],
        },
      ],
    });
    new RoleBindingV1(this, 'Binding', {
      metadata: { name, namespace: from },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name },
      subject: [{ kind: 'ServiceAccount', name: account.metadata.name, namespace }],
    });
    this.store = new SecretStore(this, 'Store', {
      name,
      namespace,
      source: { kubernetes: { namespace: from, serviceAccount: name } },
    });
    this.copies = secrets.map(
      (secret) =>
        new ExternalSecret(this, `Copy-${secret.as ?? secret.name}`, {
          name: secret.as ?? secret.name,
          namespace,
          store: this.store.name,
          ...(secret.keys === undefined
            ? { copy: [secret.name] }
            : { data: secret.keys.map((key) => ({ key, from: secret.name, property: key })) }),
          refresh: { everySeconds: props.refreshSeconds ?? 300 },
        }),
    );
  }
}
