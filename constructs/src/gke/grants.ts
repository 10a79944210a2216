import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import { isKnown, type Pattern, pattern, refuse } from '../validation.ts';

/** Somebody who can be given a permission: an identity construct, or a service agent of a project. */
export interface IGrantee {
  /** Names the grant in construct ids, so that it stays the same when the e-mail address is only known to Terraform. */
  readonly grantId: string;
  /** The IAM member, e.g. `serviceAccount:ci@example.iam.gserviceaccount.com`. */
  readonly iamMember: string;
}

/** An identity construct, or an IAM member by its name: `group:platform@example.com`. */
export type Grantee = IGrantee | string;

/** `allUsers` and `allAuthenticatedUsers` do not match: nothing here is made public by a grant. */
export const IAM_MEMBER: Pattern = {
  regex: /^(user|group|serviceAccount|domain):\S+@?\S+$|^principal(Set)?:\/\/\S+$/,
  means: 'one IAM member such as group:platform@example.com (never allUsers or allAuthenticatedUsers)',
};

/** At most this many characters of a member's name are used in a construct id, before a hash takes over. */
const READABLE = 48;

/** Six characters that tell apart two long names which were shortened to the same one. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

/**
 * Gives one permission, once: the same verb for the same grantee returns the binding that is already there.
 * @param make creates the binding; its id depends on verb and grantee only, not on the order of calls
 */
export function grantOnce<T extends Construct>(
  scope: Construct,
  verb: string,
  grantee: Grantee,
  make: (id: string, member: string) => T,
): T {
  const member = typeof grantee === 'string' ? grantee : grantee.iamMember;
  if (typeof grantee === 'string' && !isKnown(grantee)) {
    refuse(scope, verb, 'needs { grantId, iamMember } for a member that is only known after apply');
  }
  pattern(scope, verb, member, IAM_MEMBER);
  const id = `${verb}-${typeof grantee === 'string' ? readable(grantee) : grantee.grantId}`;
  return (scope.node.tryFindChild(id) as T | undefined) ?? make(id, member);
}

function readable(member: string): string {
  const slug = member.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '');
  return slug.length <= READABLE ? slug : `${slug.slice(0, READABLE)}-${shortHash(member)}`;
}
