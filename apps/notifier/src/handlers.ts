import type { Handlers } from '@countersign/queues';
import type { ChannelLane } from './telling/channel-lane';

/** Every doorbell asks the same of every channel: tell what you have not told of this run. */
export function notifierHandlers(lanes: ChannelLane[]): Handlers<'notifier'> {
  return {
    'notice.tell': async ({ run_id }) => {
      const told = await Promise.allSettled(lanes.map((lane) => lane.tell(run_id)));
      const failed = told.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}
