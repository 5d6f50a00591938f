/** Back and forward where one has been, as in a browser and as `cd -`. */
import type { Session } from '../store/session.ts';
import { type Command, command } from './command.ts';

const go = (id: string, key: string, title: string, help: string, where: Parameters<Session['retrace']>[0], none: string): Command =>
  command({
    id: `place.${id}`,
    keys: [key],
    title,
    help,
    run: ({ session }) => {
      if (!session.retrace(where)) session.flash('info', none);
    },
  });

export const PLACE_COMMANDS: readonly Command[] = [
  go('other', '-', 'last view', 'To the view before this way, again back to this one.', 'other', 'there was no view before'),
  go('back', '<', 'history back', 'To where one was before.', 'back', 'this is where it began'),
  go('forward', '>', 'history forward', 'Forward again.', 'forward', 'nothing is further on'),
];
