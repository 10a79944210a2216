// The certificate library registers its parts through this polyfill and refuses to load without it.
import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

export interface Pki {
  /** PEM. */
  caCertificate: string;
  servingCertificate: string;
  servingKey: string;
  /** Signs and checks service account tokens. */
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** A control plane that is kept longer than this has to be started anew. */
const DAYS_VALID = 30;

/** The whole PKI of a throwaway control plane. The CA's key is forgotten here: nothing is signed later. */
export async function createPki(names: string[]): Promise<Pki> {
  x509.cryptoProvider.set(webcrypto);
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(Date.now() + DAYS_VALID * 86_400_000);
  const caKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const serverKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = 'CN=plinth-rehearsal-ca';
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: subject,
    notBefore,
    notAfter,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const serving = await x509.X509CertificateGenerator.create({
    subject: 'CN=kube-apiserver',
    issuer: subject,
    notBefore,
    notAfter,
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const servingKey = await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  const serviceAccounts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    caCertificate: `${ca.toString('pem')}\n`,
    servingCertificate: `${serving.toString('pem')}\n`,
    servingKey: `${x509.PemConverter.encode(servingKey, 'PRIVATE KEY')}\n`,
    // SEC1: the form that the API server's key parser has always understood.
    serviceAccountKey: serviceAccounts.privateKey.export({ type: 'sec1', format: 'pem' }) as string,
    serviceAccountPublicKey: serviceAccounts.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}
