import { Command, InvalidArgumentError, Option } from 'commander';

/**
 * Commands load what they need when they run: `plinth --help` answers at once, and a command that needs no cluster does
 * not load a cluster's client.
 */
const program = new Command('plinth')
  .description('Rehearses environments without a cloud account, and helps to set them up.')
  .showHelpAfterError()
  .configureHelp({ sortSubcommands: false });

program
  .command('rehearse')
  .argument('<environment>', 'name of an environment (local, dev, staging, prod) or path of an environment file')
  .description('apply it by real Terraform to a real control plane with simulated nodes, and report')
  .option('--keep', 'leave it running, and print the kubeconfig', false)
  .option('--json <file>', 'write the report as JSON')
  .addOption(new Option('--providers <kind>', 'which Terraform providers to use').choices(['real', 'stand-in']))
  .option('--only <stack>', 'stop after this stack (foundation, platform, eventing, apps)')
  .option('--app <command>', "command that synthesizes, in place of cdktf.json's")
  .option('--verbose', 'show what Terraform does, resource by resource', false)
  .action(async (environment, options) => {
    const { rehearseCommand } = await import('./rehearse.ts');
    process.exitCode = await rehearseCommand(environment, options);
  });

program
  .command('diff')
  .argument('<environment>', 'name of an environment that was rehearsed with --keep')
  .description('plan the definitions as they are now over the kept rehearsal, and say what each change really does')
  .option('--app <command>', "command that synthesizes, in place of cdktf.json's")
  .option('--json <file>', 'write the changes as JSON')
  .action(async (environment, options) => {
    const { diffCommand } = await import('./diff.ts');
    process.exitCode = await diffCommand(environment, options);
  });

program
  .command('stop')
  .argument('[environment]', 'only this environment')
  .description('end kept rehearsals, and clean up after killed ones')
  .action(async (environment) => {
    const { stopCommand } = await import('./stop.ts');
    process.exitCode = await stopCommand(environment);
  });

program
  .command('synth')
  .argument('[environments...]', 'environments to synthesize (default: all)')
  .description('synthesize each environment into a folder of its own')
  .option('--out <folder>', 'folder to write to', 'cdktf.out')
  .action(async (environments, options) => {
    const { synthCommand } = await import('./synth.ts');
    process.exitCode = await synthCommand(environments, options);
  });

program
  .command('doctor')
  .description('say what is on this machine, and what will be fetched or built')
  .action(async () => {
    const { doctor } = await import('./doctor.ts');
    process.exitCode = await doctor({ print: (line) => console.log(line) });
  });

program
  .command('bootstrap')
  .argument('<environment>', 'name of a cloud environment')
  .description('the steps to take once per environment: APIs, state bucket, key ring, deployer identity')
  .option('--run', 'run them with gcloud, in place of printing them', false)
  .option('--repository <owner/name>', 'GitHub repository that may deploy', (value: string) => {
    if (!/^[\w.-]+\/[\w.-]+$/.test(value)) throw new InvalidArgumentError('must be owner/name');
    return value;
  })
  .action(async (environment, options) => {
    const { bootstrapCommand } = await import('./bootstrap-command.ts');
    process.exitCode = await bootstrapCommand(environment, options);
  });

program
  .command('demo')
  .description('show the applications at work')
  .action(() => {
    console.log('The demo comes with the applications; see apps/README.md. Until then: npm start');
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
