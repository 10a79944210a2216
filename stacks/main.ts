import { App, TerraformStack } from 'cdktf';
import { Probe } from '@plinth/constructs';
export const dir = import.meta.dirname;
const app = new App({outdir: '/tmp/out1', skipValidation: true}); const s = new TerraformStack(app, 'a'); new Probe(s, 'p'); app.synth();
