/** A dialog as the server keeps it. */
export interface LiveDialog {
  readonly id: string;
  readonly type: number;
  readonly ownerId: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
  name: string | null;
  photo: string | null;
  data: Readonly<Record<string, unknown>> | undefined;
  readonly occupantIds: Set<number>;
  /** Those who want no push notifications of it. */
  readonly mutedBy: Set<number>;
}

/** A message as the server keeps it. */
export interface LiveMessage {
  readonly id: string;
  readonly dialogId: string;
  readonly senderId: number;
  readonly recipientId: number | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  text: string | null;
  readonly attachments: unknown;
  /** Parameters of the application's own. */
  readonly custom: Readonly<Record<string, unknown>>;
  readonly readBy: Set<number>;
  readonly deliveredTo: Set<number>;
  /** Those who have deleted it for themselves. */
  readonly hiddenFrom: Set<number>;
}

/** A file as the server keeps it. */
export interface LiveFile {
  readonly id: number;
  readonly uid: string;
  readonly ownerId: number;
  readonly contentType: string;
  readonly public: boolean;
  /** What the storage's form must bring back. */
  readonly formKey: string;
  readonly createdAtMs: number;
  name: string;
  content: Blob | undefined;
  completedAtMs: number | undefined;
}

/** A device of a user's. */
export interface LiveSubscription {
  readonly id: number;
  readonly userId: number;
  readonly channel: string;
  readonly device: Readonly<Record<string, unknown>>;
}

/** A notification. */
export interface LivePushEvent {
  readonly id: number;
  readonly userId: number;
  readonly createdAtMs: number;
  readonly fields: Record<string, unknown>;
}

/** A record of custom objects. */
export interface LiveRecord {
  readonly id: string;
  readonly userId: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
  fields: Readonly<Record<string, unknown>>;
  /** Files by the name of their field. */
  readonly files: Map<string, { readonly id: string; readonly name: string; readonly content: Blob }>;
}

/** What an application keeps beside its users. */
export interface Resources {
  readonly dialogs: Map<string, LiveDialog>;
  readonly messages: Map<string, LiveMessage>;
  readonly files: Map<number, LiveFile>;
  readonly subscriptions: Map<number, LiveSubscription>;
  readonly pushEvents: Map<number, LivePushEvent>;
  /** Records by class. */
  readonly records: Map<string, Map<string, LiveRecord>>;
  /** Names by telephone number, by user and device. */
  readonly addressBooks: Map<string, Map<string, string | undefined>>;
  /** The next id of what is numbered. */
  nextId: number;
}

/** Begins with nothing. */
export function createResources(): Resources {
  return {
    dialogs: new Map(),
    messages: new Map(),
    files: new Map(),
    subscriptions: new Map(),
    pushEvents: new Map(),
    records: new Map(),
    addressBooks: new Map(),
    nextId: 10_070_416,
  };
}
