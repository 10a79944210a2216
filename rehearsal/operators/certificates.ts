import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

/** P-256 rather than the operator's RSA: the rehearsal needs certificates that are real, and quick to make. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 60 * 60 * 1000;
/** Strimzi's default validity of authorities and certificates. */
const VALIDITY_DAYS = 365;

export interface Authority {
  /** PEM. */
  certificate: string;
  privateKey: string;
  readonly parsed: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface IssuedCertificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS#8. */
  privateKey: string;
  notAfter: Date;
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})/g, '$1\n').trim()}\n-----END PRIVATE KEY-----\n`;
}

const generate = async (): Promise<webcrypto.CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;

const serial = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex');

export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await generate();
  const now = Date.now();
  const parsed = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${commonName},O=io.strimzi`,
    notBefore: new Date(now),
    notAfter: new Date(now + VALIDITY_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate: parsed.toString('pem'), privateKey: await pemOfKey(keys.privateKey), parsed, keys };
}

/** A certificate for `commonName`, signed by the authority; with DNS names when it is a server's. */
export async function issueCertificate(
  authority: Authority,
  commonName: string,
  dnsNames: string[] = [],
): Promise<IssuedCertificate> {
  const keys = await generate();
  const now = Date.now();
  const notAfter = new Date(now + VALIDITY_DAYS * DAY);
  const parsed = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${commonName}`,
    issuer: authority.parsed.subject,
    notBefore: new Date(now),
    notAfter,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ...(dnsNames.length > 0
        ? [new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns' as const, value })))]
        : []),
    ],
  });
  return { certificate: parsed.toString('pem'), privateKey: await pemOfKey(keys.privateKey), notAfter };
}
