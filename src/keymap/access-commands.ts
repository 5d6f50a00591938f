/** `:can User:alice read topic orders [from HOST]`: asked of the ACLs that are known, not of a broker. */
import { type AclQuestion, checkAcl } from '../cluster/acl-check.ts';
import { type DialogLine, line, noticeDialog } from '../store/dialog.ts';
import { type Command, command } from './command.ts';
import { needsKafka } from './needs.ts';

const USAGE = ':can User:NAME OPERATION topic|group|cluster|transactional_id NAME [from HOST]';

/** Gives a sentence for what cannot be understood. */
export function parseCan(words: readonly string[]): AclQuestion | string {
  const [who, operation, type, name, from, host] = words;
  if (!who || !operation || !type || (!name && type.toLowerCase() !== 'cluster')) return USAGE;
  if (from !== undefined && (from !== 'from' || !host)) return USAGE;
  return {
    principal: who.includes(':') ? who : `User:${who}`,
    operation: operation.toUpperCase().replaceAll('-', '_'),
    resourceType: type.toUpperCase().replaceAll('-', '_'),
    resourceName: name ?? 'kafka-cluster',
    host: host ?? null,
  };
}

export const ACCESS_COMMANDS: readonly Command[] = [
  command({
    id: 'acl.can',
    title: 'can',
    help: 'May somebody do it? Like :can User:alice read topic orders.',
    scopes: ['acls'],
    words: ['can'],
    disabledReason: (context) =>
      needsKafka(context) ??
      (context.session.cluster?.data.details.acls.value
        ? null
        : 'open the ACLs first (:acls): they are not known yet, or there is no authorizer'),
    run: ({ session, args }) => {
      const question = parseCan(args);
      if (typeof question === 'string') {
        session.flash('warn', question);
        return;
      }
      const { isAllowed, by } = checkAcl(session.cluster?.data.details.acls.value ?? [], question);
      const { principal, operation, resourceType, resourceName, host } = question;
      const lines: DialogLine[] = [
        line(`${principal} ${isAllowed ? 'may' : 'may not'} ${operation} ${resourceType} ${resourceName}`, isAllowed ? 'ok' : 'fail'),
        line(
          by === null
            ? 'no ACL speaks of it'
            : `by ${by.permission} ${by.operation} on ${by.patternType} ${by.resourceType} ${by.resourceName} for ${by.principal} from ${by.host}`,
        ),
        line(''),
        ...(host === null ? [line('ACLs for single hosts were left out: add "from HOST" for one of them.', 'dim')] : []),
        line('Super users, and allow.everyone.if.no.acl.found, are known to the brokers alone.', 'dim'),
      ];
      session.openDialog(noticeDialog('may they?', lines));
    },
  }),
];
