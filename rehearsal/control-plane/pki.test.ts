import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { createPki, type Pki } from './pki.ts';

let pki: Pki;
beforeAll(async () => {
  pki = await createPki(['127.0.0.1', 'localhost']);
});

test('the serving certificate is valid for 127.0.0.1 and localhost, and for nothing else', () => {
  const certificate = new X509Certificate(pki.servingCertificate);
  expect([certificate.checkIP('127.0.0.1'), certificate.checkHost('localhost')]).toEqual(['127.0.0.1', 'localhost']);
  expect([certificate.checkIP('127.0.0.2'), certificate.checkHost('example.com')]).toEqual([undefined, undefined]);
});

test('the certificate authority has signed it, and the key belongs to it', () => {
  const ca = new X509Certificate(pki.caCertificate);
  const certificate = new X509Certificate(pki.servingCertificate);
  expect([certificate.verify(ca.publicKey), certificate.checkIssued(ca), ca.ca, certificate.ca]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(certificate.checkPrivateKey(createPrivateKey(pki.servingKey))).toBe(true);
});

test('service account tokens signed with one key are checked with the other', () => {
  const signature = sign('sha256', Buffer.from('token'), createPrivateKey(pki.serviceAccountKey));
  expect(verify('sha256', Buffer.from('token'), createPublicKey(pki.serviceAccountPublicKey), signature)).toBe(true);
});
