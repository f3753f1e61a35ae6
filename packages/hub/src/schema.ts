import * as v from 'valibot';

/** What Hub posts to the notifications route. `auth` is absent when Hub has no token for the user. */
export interface NotificationsRequest {
  readonly auth?: unknown;
}

/** What Hub posts to the timeline route; `context` is about the people in the user's conversation. */
export interface TimelineRequest {
  readonly auth?: unknown;
  /** What the user typed into the search field. */
  readonly search?: string | undefined;
  readonly context: { readonly emails: readonly string[]; readonly phoneNumbers: readonly string[] };
}

/** The answer of the notifications route. */
export interface NotificationsAnswer {
  readonly count: number;
  /** When Hub asks again, milliseconds since 1970. */
  readonly refreshAt?: number | undefined;
}

/** One action of a timeline item. */
export type TimelineAction = {
  readonly title: string;
  readonly iconClass?: string | undefined;
  readonly color?: string | undefined;
  /** The same, as the older text spells it. */
  readonly Color?: string | undefined;
} & (
  | { readonly type: 'link'; readonly url: string }
  | {
      readonly type: 'toggle';
      readonly property: string;
      readonly titleActive?: string | undefined;
      readonly iconClassActive?: string | undefined;
    }
  | {
      readonly type: 'dialog';
      readonly property: string;
      readonly dialog: {
        readonly header: string;
        readonly titleLabel?: string | undefined;
        readonly contentLabel?: string | undefined;
      };
    }
  | {
      readonly type: 'date';
      readonly property: string;
      readonly datePicker: { readonly header: string; readonly title: string };
    }
);

/**
 * One item of a timeline, with the member names of both documented spellings.
 *
 * Each toggle among its actions is a further member: its property, with true or false.
 */
export interface TimelineItem {
  readonly id: string;
  readonly timelineId: string;
  readonly title: string;
  readonly description?: string | undefined;
  /** Milliseconds since 1970. */
  readonly date: number;
  readonly url?: string | undefined;
  readonly webLink?: string | undefined;
  readonly actions?: readonly TimelineAction[] | undefined;
}

/** The answer of the timeline route. */
export interface TimelineAnswer {
  readonly refreshAt?: number | undefined;
  readonly items: readonly TimelineItem[];
}

/** Hub's answer to a hand-over: where its success or error page is. */
export interface HandOverAnswer {
  readonly url: string;
}

const moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const texts = v.optional(v.pipe(v.array(v.string()), v.maxLength(200)), []);

/** @see Hub fact sheet §3.1, A2 */
export const NotificationsRequest: v.GenericSchema<unknown, NotificationsRequest> = v.object({
  auth: v.optional(v.unknown()),
});

/** A missing list of the context counts as empty. @see Hub fact sheet §5.1 */
export const TimelineRequest: v.GenericSchema<unknown, TimelineRequest> = v.object({
  auth: v.optional(v.unknown()),
  search: v.optional(v.pipe(v.string(), v.maxLength(1024))),
  context: v.pipe(
    v.custom<object>((value) => !Array.isArray(value)),
    v.object({ emails: texts, phoneNumbers: texts }),
  ),
});

/** @see Hub fact sheet §5.2 */
export const NotificationsAnswer: v.GenericSchema<unknown, NotificationsAnswer> = v.object({
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  refreshAt: v.optional(moment),
});

const title = v.string();
const looks = {
  title,
  iconClass: v.optional(v.string()),
  color: v.optional(v.string()),
  Color: v.optional(v.string()),
};
const property = v.pipe(v.string(), v.regex(/^[A-Za-z][\w-]{0,63}$/));

/** Members that are not documented stay. @see Hub fact sheet §5.4 */
export const TimelineAction: v.GenericSchema<unknown, TimelineAction> = v.variant('type', [
  v.looseObject({ type: v.literal('link'), ...looks, url: v.string() }),
  v.looseObject({
    type: v.literal('toggle'),
    ...looks,
    property,
    titleActive: v.optional(v.string()),
    iconClassActive: v.optional(v.string()),
  }),
  v.looseObject({
    type: v.literal('dialog'),
    ...looks,
    property,
    dialog: v.looseObject({ header: title, titleLabel: v.optional(title), contentLabel: v.optional(title) }),
  }),
  v.looseObject({
    type: v.literal('date'),
    ...looks,
    property,
    datePicker: v.looseObject({ header: v.string(), title: v.string() }),
  }),
]);

/** Members that are not documented stay, and with them the states of toggles. @see Hub fact sheet §5.3 */
export const TimelineItem: v.GenericSchema<unknown, TimelineItem> = v.looseObject({
  id: v.string(),
  timelineId: v.string(),
  title,
  description: v.optional(v.string()),
  date: moment,
  url: v.optional(v.string()),
  webLink: v.optional(v.string()),
  actions: v.optional(v.array(TimelineAction)),
});

/** At most 30 items. @see Hub fact sheet §5.3 */
export const TimelineAnswer: v.GenericSchema<unknown, TimelineAnswer> = v.object({
  refreshAt: v.optional(moment),
  items: v.pipe(v.array(TimelineItem), v.maxLength(30)),
});

/** @see Hub fact sheet §8 row 1 */
export const HandOverAnswer: v.GenericSchema<unknown, HandOverAnswer> = v.object({
  url: v.pipe(v.string(), v.nonEmpty()),
});
