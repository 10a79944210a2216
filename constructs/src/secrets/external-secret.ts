import { Construct } from 'constructs';
import { CustomResource } from '../kubernetes/custom-resource.ts';
import { ensure, pattern } from '../validation.ts';

/** One key of the made Secret. */
export interface SecretDatum {
  /** The key in the made Secret. */
  readonly key: string;
  /** Name of the Secret (or the Secret Manager secret) it is read from. */
  readonly from: string;
  /** The key in that Secret, or a property of a JSON value. @default the whole of it, as JSON where it has several keys */
  readonly property?: string;
  /** @default the latest */
  readonly version?: string;
}

/** When the Secret is written. */
export type SecretRefresh =
  /** Once, and never again: for what must not change by itself, such as a generated password. */
  | 'once'
  /** When the ExternalSecret changes. */
  | 'on-change'
  /** And read again this often. */
  | { readonly everySeconds: number };

export interface ExternalSecretProps {
  /** Also the made Secret's name, unless `secretName` says otherwise. */
  readonly name: string;
  readonly namespace: string;
  /** @default the name of the ExternalSecret */
  readonly secretName?: string;
  /** Name of a SecretStore in the same namespace. @default none, which is right for a generator only */
  readonly store?: string;
  /** Keys, one by one. @default none */
  readonly data?: readonly SecretDatum[];
  /** Secrets of which every key is copied. @default none */
  readonly copy?: readonly string[];
  /** Name of a PasswordGenerator in the same namespace; gives the key `password`. @default none */
  readonly password?: string;
  /** @default once with `password`, else every 300 seconds: a renewed certificate arrives within five minutes */
  readonly refresh?: SecretRefresh;
  /** Kubernetes' type of the made Secret, e.g. `kubernetes.io/tls`. @default 'Opaque' */
  readonly type?: string;
  /**
   * The made Secret's keys, as templates over what was read, e.g. `{ username: 'admin', password: '{{ .password }}' }`.
   * @default what was read, as it is
   */
  readonly template?: Readonly<Record<string, string>>;
  /** Labels of the made Secret. @default none */
  readonly secretLabels?: Readonly<Record<string, string>>;
}

/** The defaults of the API, in the versions that fill them in; the newest leaves them out and does the same. */
const reading = { conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' };

const secretKey = { regex: /^[-._a-zA-Z0-9]{1,253}$/, means: '1-253 letters, digits, dots, hyphens or underscores' };

/** A Secret that External Secrets makes and owns: it goes when this goes. */
export class ExternalSecret extends Construct {
  /** Of the made Secret. */
  readonly secretName: string;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: ExternalSecretProps) {
    super(scope, id);
    this.secretName = props.secretName ?? props.name;
    const { data = [], copy = [], password, store } = props;
    const reads = data.length + copy.length > 0;
    ensure(this, reads || password !== undefined, 'data', 'must not be empty, unless copy or password is given');
    ensure(this, !reads || store !== undefined, 'store', 'is needed to read data or copy from');
    for (const { key } of data) pattern(this, 'data.key', key, secretKey);
    for (const key of Object.keys(props.template ?? {})) pattern(this, 'template', key, secretKey);
    const refresh = props.refresh ?? (password === undefined ? { everySeconds: 300 } : 'once');
    ensure(
      this,
      password === undefined || refresh === 'once',
      'refresh',
      'must be once with a generated password, which would be another each time',
      refresh,
    );
    if (typeof refresh === 'object')
      ensure(this, refresh.everySeconds >= 10, 'refresh.everySeconds', 'must be at least 10', refresh.everySeconds);

    this.resource = new CustomResource(this, 'Resource', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: props.name, namespace: props.namespace },
      // what the API server would fill in is written out, so that a plan shows all of it
      spec: {
        ...refreshFields(refresh),
        ...(store === undefined ? {} : { secretStoreRef: { kind: 'SecretStore', name: store } }),
        target: {
          name: this.secretName,
          creationPolicy: 'Owner',
          deletionPolicy: 'Retain',
          ...templateOf(props),
        },
        ...(data.length === 0
          ? {}
          : {
              data: data.map(({ key, from, property, version }) => ({
                secretKey: key,
                remoteRef: {
                  key: from,
                  ...(property === undefined ? {} : { property }),
                  ...(version === undefined ? {} : { version }),
                  ...reading,
                },
              })),
            }),
        ...(copy.length === 0 && password === undefined
          ? {}
          : {
              dataFrom: [
                ...copy.map((key) => ({ extract: { key, ...reading } })),
                ...(password === undefined
                  ? []
                  : [
                      {
                        sourceRef: {
                          generatorRef: {
                            apiVersion: 'generators.external-secrets.io/v1alpha1',
                            kind: 'Password',
                            name: password,
                          },
                        },
                      },
                    ]),
              ],
            }),
      },
    });
  }
}

function refreshFields(refresh: SecretRefresh) {
  if (refresh === 'once') return { refreshPolicy: 'CreatedOnce', refreshInterval: '0s' };
  if (refresh === 'on-change') return { refreshPolicy: 'OnChange', refreshInterval: '0s' };
  return { refreshPolicy: 'Periodic', refreshInterval: `${refresh.everySeconds}s` };
}

function templateOf({ type, template, secretLabels }: ExternalSecretProps) {
  if (type === undefined && template === undefined && secretLabels === undefined) return {};
  return {
    template: {
      engineVersion: 'v2',
      mergePolicy: 'Replace',
      ...(type === undefined ? {} : { type }),
      ...(template === undefined ? {} : { data: { ...template } }),
      ...(secretLabels === undefined ? {} : { metadata: { labels: { ...secretLabels } } }),
    },
  };
}
