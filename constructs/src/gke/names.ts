import type { Pattern } from '../validation.ts';
import { shortHash } from './grants.ts';

/** Compute Engine resource names (RFC 1035), short enough for the suffixes that a construct adds. */
export const RESOURCE_NAME: Pattern = {
  regex: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  means: '1-40 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen',
};

/** https://cloud.google.com/iam/docs/service-accounts-create: 6-30 characters. */
export const ACCOUNT_ID: Pattern = {
  regex: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  means: '6-30 lower-case letters, digits or hyphens, starting with a letter and not ending with a hyphen',
};

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects: 6-30 characters; older ones are `domain.tld:id`. */
export const PROJECT_ID: Pattern = {
  regex: /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
  means: 'a project id: 6-30 lower-case letters, digits or hyphens, starting with a letter',
};

/** Label keys and values that every Google resource accepts. */
export const LABEL: Pattern = {
  regex: /^[a-z0-9_-]{0,63}$/,
  means: 'at most 63 lower-case letters, digits, hyphens or underscores',
};

export const REGION: Pattern = { regex: /^[a-z]+-[a-z]+\d+$/, means: 'a region such as europe-west1' };
export const ZONE: Pattern = { regex: /^[a-z]+-[a-z]+\d+-[a-z]$/, means: 'a zone such as europe-west1-b' };

const ACCOUNT_ID_MAX = 30;
const ACCOUNT_ID_MIN = 6;

/**
 * A service account id from readable parts. Too long ones keep their beginning and end with a hash of the whole,
 * so that two pools with the same beginning do not share an account.
 */
export function accountId(...parts: string[]): string {
  const whole = parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-+$/, '');
  if (whole.length >= ACCOUNT_ID_MIN && whole.length <= ACCOUNT_ID_MAX) return whole;
  const kept = whole.slice(0, ACCOUNT_ID_MAX - 7).replace(/-+$/, '') || 'sa';
  return `${kept}-${shortHash(parts.join('/'))}`;
}

/** The region of a zone; a region is its own. */
export const regionOf = (location: string): string => location.replace(/-[a-z]$/, '');

export const isZone = (location: string): boolean => ZONE.regex.test(location);
