import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { environment } from './schema.ts';

const FILE = join(import.meta.dirname, 'schema.json');
const render = () =>
  `${JSON.stringify(z.toJSONSchema(environment, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`;

test('schema.json is what the schema says (UPDATE_SCHEMA=1 writes it)', () => {
  if (process.env.UPDATE_SCHEMA) writeFileSync(FILE, render());
  expect(readFileSync(FILE, 'utf8')).toBe(render());
});

test('bounds and closed sets are in it', () => {
  const { properties } = JSON.parse(readFileSync(FILE, 'utf8'));
  expect(properties.mesh.enum).toEqual(['sidecar', 'none']);
  expect(properties.kafka.properties.storageGib).toMatchObject({ minimum: 10, maximum: 4000 });
  expect(properties.nodePools.additionalProperties.properties.diskSizeGib).toMatchObject({
    minimum: 10,
    maximum: 2000,
  });
});
