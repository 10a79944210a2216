import { createHash } from 'node:crypto';

/** Apache's SHA form, which Traefik reads; the operator itself writes bcrypt. */
const htpasswd = (user: string, password: string): string =>
  `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}`;

function value(expression: string, data: Record<string, string>): string {
  const literal = /^"([^"]*)"$/.exec(expression);
  if (literal) return literal[1]!;
  const field = /^\.([A-Za-z0-9_]+)$/.exec(expression) ?? /^index \. "([^"]+)"$/.exec(expression);
  const found = field ? data[field[1]!] : undefined;
  if (found === undefined) throw new Error(`template: ${expression} has no value`);
  return found;
}

type TemplateFunction = (...args: [string, string]) => string;

const FUNCTIONS = new Map<string, TemplateFunction>([
  ['htpasswd', htpasswd],
  ['b64enc', (text) => Buffer.from(text).toString('base64')],
  ['b64dec', (text) => Buffer.from(text, 'base64').toString()],
  ['toString', (text) => text],
]);

/** The part of External Secrets' templates (Go text/template) that the baseline uses; anything else is an error. */
export function renderTemplate(template: string, data: Record<string, string>): string {
  return template.replace(/{{-?\s*(.*?)\s*-?}}/g, (_, pipeline: string) => {
    const [first = '', ...stages] = pipeline.split('|').map((stage) => stage.trim());
    const call = (text: string, piped: string[]): string => {
      const [name = '', ...args] = text.match(/index \. "[^"]*"|"[^"]*"|\S+/g) ?? [];
      const apply = FUNCTIONS.get(name);
      if (!apply) throw new Error(`template function ${name} is not simulated`);
      const [one = '', two = ''] = [...args.map((arg) => value(arg, data)), ...piped];
      return apply(one, two);
    };
    const start = /^[."]|^index /.test(first) ? value(first, data) : call(first, []);
    return stages.reduce((text, stage) => call(stage, [text]), start);
  });
}
