import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Attribute, Block, ProviderDefinition, ProviderSchema } from './provider.ts';
import { ProviderService } from './service.ts';

const PROTOCOL = 6;
/** Schemas of a whole provider are larger than gRPC's default of 4 MiB. */
const UNLIMITED = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

export interface ServeOptions {
  /** By provider name. */
  schemas: Record<string, ProviderSchema>;
  /** Told of failures of a provider itself: type, method and where in the code, never a value. */
  log?: (text: string) => void;
  /**
   * Folder for the sockets, which is made and removed again. Not used where the path of a socket would be too long for the
   * system. @default a folder of its own among the system's temporary files
   */
  directory?: string;
}

export interface ServedProviders {
  /** Value for TF_REATTACH_PROVIDERS. */
  reattach: string;
  close(): Promise<void>;
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

function wireAttribute({ type, nested, writeOnly, ...named }: Attribute): object {
  const flags = { ...named, write_only: writeOnly };
  if (!nested) return { ...flags, type: bytes(type) };
  return {
    ...flags,
    nested_type: { nesting: nested.nesting.toUpperCase(), attributes: nested.attributes.map(wireAttribute) },
  };
}

const wireBlock = (block: Block): object => ({
  attributes: block.attributes.map(wireAttribute),
  block_types: block.blocks.map((nested) => ({
    type_name: nested.name,
    nesting: nested.nesting.toUpperCase(),
    min_items: nested.minItems,
    max_items: nested.maxItems,
    block: wireBlock(nested.block),
  })),
});

export function wireSchemas(schema: ProviderSchema): object {
  const wire = (block: Block) => ({ version: 0, block: wireBlock(block) });
  const all = (blocks: Record<string, Block>) =>
    Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, wire(block)]));
  return {
    provider: wire(schema.provider),
    resource_schemas: all(schema.resources),
    data_source_schemas: all(schema.dataSources),
    server_capabilities: { plan_destroy: false, get_provider_schema_optional: true },
  };
}

/** macOS takes 103 bytes for a socket's path, Linux 107. */
const LONGEST_SOCKET = 100;

function socketFolder(wanted: string | undefined, definitions: ProviderDefinition[]): string {
  const longest = Math.max(...definitions.map(({ name }) => Buffer.byteLength(`/${name}.sock`)));
  if (!wanted || Buffer.byteLength(wanted) + longest > LONGEST_SOCKET) return mkdtempSync(join(tmpdir(), 'plinth-'));
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  return wanted;
}

/**
 * Serves providers to Terraform from this process, one socket each. Terraform attaches to them instead of starting a
 * plugin, and needs no registry for them.
 */
export async function serveProviders(
  definitions: ProviderDefinition[],
  options: ServeOptions,
): Promise<ServedProviders> {
  const packaged = loadSync(join(import.meta.dirname, 'plugin.proto'), {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const { tfplugin6 } = grpc.loadPackageDefinition(packaged) as unknown as {
    tfplugin6: { Provider: { service: grpc.ServiceDefinition } };
  };
  const folder = socketFolder(options.directory, definitions);
  const servers: grpc.Server[] = [];
  const reattach: Record<string, unknown> = {};
  try {
    for (const definition of definitions) {
      const schema = options.schemas[definition.name];
      if (!schema) throw new Error(`no schema for provider ${definition.name}`);
      const server = new grpc.Server(UNLIMITED);
      const service = new ProviderService(definition, schema, wireSchemas(schema), options.log ?? (() => {}));
      server.addService(tfplugin6.Provider.service, service.methods());
      const socket = join(folder, `${definition.name}.sock`);
      await new Promise<void>((resolve, reject) => {
        server.bindAsync(`unix://${socket}`, grpc.ServerCredentials.createInsecure(), (error) =>
          error ? reject(error) : resolve(),
        );
      });
      servers.push(server);
      reattach[`registry.terraform.io/hashicorp/${definition.name}`] = {
        Protocol: 'grpc',
        ProtocolVersion: PROTOCOL,
        Pid: process.pid,
        // Without it Terraform would end the process with that pid when it is done: ours.
        Test: true,
        Addr: { Network: 'unix', String: socket },
      };
    }
  } catch (error) {
    for (const server of servers) server.forceShutdown();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    reattach: JSON.stringify(reattach),
    async close() {
      for (const server of servers) server.forceShutdown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
