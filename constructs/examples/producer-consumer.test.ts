import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { inventory } from '../src/testing/synth.ts';
import { MailStack } from './producer-consumer.ts';

test('a product team gets all that its two programs need', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'plinth-example-'));
  try {
    const app = new App({ outdir });
    new MailStack(app, 'mail');
    app.synth();
    const json = JSON.parse(readFileSync(join(outdir, 'stacks/mail/cdk.tf.json'), 'utf8'));
    expect(inventory(json)).toEqual({
      kubernetes_config_map_v1: 2,
      kubernetes_deployment_v1: 2,
      kubernetes_horizontal_pod_autoscaler_v2: 1,
      // the topic; of each program its user, a store and two copied Secrets
      kubernetes_manifest: 9,
      kubernetes_network_policy_v1: 2,
      kubernetes_pod_disruption_budget_v1: 2,
      kubernetes_role_binding_v1: 2,
      kubernetes_role_v1: 2,
      // of each program its own, and that of the copying
      kubernetes_service_account_v1: 4,
      kubernetes_service_v1: 2,
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
