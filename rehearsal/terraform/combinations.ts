import { blockType } from './cty.ts';
import { isEmpty, valuesAt } from './plan.ts';
import { type Block, type Diagnostic, isUnknown, type Obj, type ResourceBehaviour } from './provider.ts';

type State = 'set' | 'unset' | 'unknown';

const named = (list: string[]): string => list.map((path) => `\`${path}\``).join(', ');

/**
 * What a configuration may set together, as the providers' SDK looks at it: null is unset, false is set, and what is not known
 * yet is neither. A group within a block counts only where the block is there.
 */
export function checkCombinations(block: Block, behaviour: ResourceBehaviour, config: Obj): Diagnostic[] {
  const type = blockType(block);
  const found: Diagnostic[] = [];
  const at = (path: string) => valuesAt(type, config, path.split('.'));
  const stateOf = (path: string): State => {
    const values = at(path);
    if (values.some(({ value }) => isUnknown(value))) return 'unknown';
    return values.some(({ value }) => !isEmpty(value)) ? 'set' : 'unset';
  };
  const refuse = (path: string, summary: string, detail: string) =>
    found.push({ severity: 'error', summary, detail, attribute: at(path)[0]?.steps ?? path.split('.').slice(0, 1) });
  const inBlock = ([first = '']: string[]): string => first.split('.').slice(0, -1).join('.');

  for (const [path, others] of Object.entries(behaviour.conflicts ?? {})) {
    if (stateOf(path) !== 'set') continue;
    const both = others.filter((other) => stateOf(other) === 'set');
    if (both.length > 0) refuse(path, `\`${path}\` conflicts with ${named(both)}`, 'Set one of them only.');
  }
  for (const [path, others] of Object.entries(behaviour.requires ?? {})) {
    if (stateOf(path) !== 'set') continue;
    const missing = others.filter((other) => stateOf(other) === 'unset');
    if (missing.length > 0) refuse(path, `\`${path}\` needs ${named(missing)}`, 'Set both or none.');
  }
  const groups = (behaviour.exactlyOne ?? []).map((group) => ({ group, atMost: 1 }));
  groups.push(...(behaviour.atLeastOne ?? []).map((group) => ({ group, atMost: group.length })));
  for (const { group, atMost } of groups) {
    const parent = inBlock(group);
    if (parent && stateOf(parent) !== 'set') continue;
    const set = group.filter((path) => stateOf(path) === 'set');
    if (set.length > atMost) {
      refuse(set[0] ?? '', `only one of ${named(group)} may be set`, `Set are ${named(set)}.`);
    } else if (set.length === 0 && !group.some((path) => stateOf(path) === 'unknown')) {
      refuse(parent || (group[0] ?? ''), `one of ${named(group)} must be set`, 'None of them is.');
    }
  }
  return found;
}
