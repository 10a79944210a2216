import type { Pattern } from '../validation.ts';

const name = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*';
const registry = '(?:[a-zA-Z0-9.-]+(?::\\d+)?/)?';
const tag = '(?::(?!latest(?:@|$))[\\w][\\w.-]{0,127})';
const digest = '(?:@sha256:[0-9a-f]{64})';

/** `latest` and no tag at all are another image tomorrow; what is deployed would not be what was tested. */
export const imageReference: Pattern = {
  regex: new RegExp(`^${registry}${name}(?:/${name})*(?:${tag}${digest}?|${digest})$`),
  means: 'an image with a tag other than latest, or with a digest',
};
