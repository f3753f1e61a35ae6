import { escapeHtml } from '@x/http/server';
import * as v from 'valibot';
import { isUnambiguousUrl } from './origin.ts';
import type { TimelineAction, TimelineItem } from './schema.ts';
import { isSegment } from './segment.ts';

/** What every action of an item shows. */
interface HubActionLooks {
  readonly title: string;
  /** Class of the icon font. */
  readonly iconClass?: string | undefined;
  /** `#` and hex digits, or a colour's name. */
  readonly color?: string | undefined;
}

/** Something that a user can do with an item. All but links come back to the `action` callback. */
export type HubAction = HubActionLooks &
  (
    | { readonly type: 'link'; readonly url: string }
    | {
        readonly type: 'toggle';
        /** A property declared in `action.properties`. */
        readonly property: string;
        /** Whether it is on now. */
        readonly active: boolean;
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

/** One item of a timeline. */
export interface HubItem {
  /** Unique in the app, 1 to 256 characters; comes back in actions. */
  readonly id: string;
  /** The first line. Text: HTML in it is escaped unless `itemText` is `raw`. */
  readonly title: string;
  /** One to three lines. */
  readonly description?: string | undefined;
  /** Milliseconds since 1970. */
  readonly dateMs: number;
  /** Opens in the browser: absolute, `https:` unless `linkSchemes` says more. */
  readonly url?: string | undefined;
  readonly actions?: readonly HubAction[] | undefined;
}

/** Options of {@link itemSchema} and {@link formatItem}. */
export interface ItemOptions {
  readonly linkSchemes: readonly string[];
  readonly itemText: 'escape' | 'raw';
  /** Names that actions may carry. */
  readonly properties: ReadonlySet<string>;
}

/** Makes the schema of items: a link that is not of a listed scheme would run or open inside the client. */
export function itemSchema({ linkSchemes, properties }: ItemOptions): v.GenericSchema<unknown, HubItem> {
  const link = v.pipe(
    v.string(),
    v.check((text) => isLink(text, linkSchemes), 'a link'),
    v.transform(writeLink),
  );
  const property = v.pipe(
    v.string(),
    v.check((text) => properties.has(text), 'a declared property'),
  );
  const text = v.string();
  const optionalText = v.optional(text);
  const looks = {
    title: text,
    iconClass: v.optional(v.pipe(text, v.regex(/^[\w -]{1,64}$/))),
    color: v.optional(v.pipe(text, v.regex(/^(?:#[\da-f]{3,8}|[a-z]{1,32})$/i))),
  };
  const action = v.variant('type', [
    v.object({ type: v.literal('link'), ...looks, url: link }),
    v.object({
      type: v.literal('toggle'),
      ...looks,
      property,
      active: v.boolean(),
      titleActive: optionalText,
      iconClassActive: looks.iconClass,
    }),
    v.object({
      type: v.literal('dialog'),
      ...looks,
      property,
      dialog: v.object({ header: text, titleLabel: optionalText, contentLabel: optionalText }),
    }),
    v.object({ type: v.literal('date'), ...looks, property, datePicker: v.object({ header: text, title: text }) }),
  ]);
  return v.object({
    id: v.custom<string>(isSegment, 'an id'),
    title: text,
    description: optionalText,
    dateMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    url: v.optional(link),
    actions: v.optional(v.array(action)),
  });
}

/**
 * Writes an item with the member names of both documented spellings.
 *
 * @see Hub fact sheet §5.3, §5.4
 */
export function formatItem(item: HubItem, { itemText }: ItemOptions): TimelineItem {
  const { id, title, description, dateMs, url, actions } = itemText === 'raw' ? item : escapeTexts(item);
  const toggles = (actions ?? []).flatMap((action) =>
    action.type === 'toggle' ? [[action.property, action.active] as const] : [],
  );
  return {
    ...Object.fromEntries(toggles),
    id,
    timelineId: id,
    title,
    ...(description === undefined ? {} : { description }),
    date: dateMs,
    ...(url === undefined ? {} : { url, webLink: url }),
    ...(actions === undefined ? {} : { actions: actions.map(formatAction) }),
  };
}

function formatAction(action: HubAction): TimelineAction {
  const colours = action.color === undefined ? {} : { Color: action.color };
  if (action.type !== 'toggle') return { ...action, ...colours };
  const { active: _, ...shown } = action;
  return { ...shown, ...colours };
}

function escapeTexts(item: HubItem): HubItem {
  const { description, actions } = item;
  return {
    ...item,
    title: escapeHtml(item.title),
    ...(description === undefined ? {} : { description: escapeHtml(description) }),
    ...(actions === undefined ? {} : { actions: actions.map(escapeAction) }),
  };
}

function escapeAction(action: HubAction): HubAction {
  const shown = { ...action, title: escapeHtml(action.title) };
  switch (shown.type) {
    case 'toggle':
      return shown.titleActive === undefined ? shown : { ...shown, titleActive: escapeHtml(shown.titleActive) };
    case 'dialog':
      return { ...shown, dialog: escapeMembers(shown.dialog) };
    case 'date':
      return { ...shown, datePicker: escapeMembers(shown.datePicker) };
    default:
      return shown;
  }
}

function escapeMembers<Texts extends object>(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, typeof text === 'string' ? escapeHtml(text) : text]),
  ) as Texts; // the same members, each still a text
}

/** User info makes a link look like one to another host, and without slashes not every parser finds the same one. */
function isLink(text: string, schemes: readonly string[]): boolean {
  if (!isUnambiguousUrl(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  if (!schemes.includes(protocol.slice(0, -1)) || username !== '' || password !== '') return false;
  return protocol !== 'https:' || /^https:\/\/[^/]/i.test(text);
}

/** Leaves nothing in a link that could end an attribute of HTML, whatever quotes it stands in; the URL stays the same. */
function writeLink(text: string): string {
  return new URL(text).href.replaceAll(/["'<>`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
