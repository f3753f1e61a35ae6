import type { EmulatorRoute } from '@x/http/emulator';
import type { Answer } from './answers.ts';
import { type Body, groupOf, textOf, toText } from './body.ts';
import { answerDeletion } from './deletion.ts';
import { answerStretch } from './paging.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { LiveRecord } from './resource-state.ts';
import { search, searchByCriteria } from './search.ts';
import { createId, type EmulatorState } from './state.ts';

/**
 * `/data/{class}`: custom objects.
 *
 * Documented: the paths, several records at once, criteria, and that without other permissions everybody may read a
 * record and its owner change it (QuickBlox fact sheet §7 and §8, and today's reference). Assumed: a class exists once
 * it is named, takes any field, and permissions of a record's own change nothing.
 */
export function recordRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { open } = createResourceRoutes(state, answer);
  const path = '/data/:class';

  function add(call: ResourceCall, fields: Body): LiveRecord {
    const { nowMs } = call.exchange;
    const files = new Map();
    const record = { id: createId(state.random), userId: call.userId, createdAtMs: nowMs, updatedAtMs: nowMs };
    const live: LiveRecord = { ...record, fields: { ...fields }, files };
    recordsOf(call).set(live.id, live);
    return live;
  }

  const create = byUser((call) => call.answer(201, recordBody(add(call, call.body))));

  const createMany = byUser((call) => {
    const wanted = groupOf(call.body, 'record');
    const items = Object.keys(wanted).map((number) => recordBody(add(call, groupOf(wanted, number))));
    return call.answer(201, { class_name: call.param('class'), items });
  });

  const updateMany = byUser((call) => {
    const wanted = groupOf(call.body, 'record');
    const ids: string[] = [];
    const items = Object.keys(wanted).flatMap((number) => {
      const { id: given, ...fields } = groupOf(wanted, number);
      const id = toText(given) ?? '';
      const record = recordsOf(call).get(id);
      if (record === undefined || !isOwner(call, record)) ids.push(id);
      return record === undefined || !isOwner(call, record) ? [] : [recordBody(write(call, record, fields))];
    });
    return call.answer(200, { class_name: call.param('class'), not_found: { ids }, items });
  });

  const list: HandleResource = (call) => {
    const found = search([...recordsOf(call).values()], call.exchange.url.searchParams, recordBody);
    const { maxPageSize } = state.settings;
    const more = { class_name: call.param('class') };
    return answerStretch(call, found, { toBody: recordBody, maxPageSize, total: 'untold', more });
  };

  const getMany: HandleResource = (call) => {
    const ids = call.param('id').split(',');
    const found = ids.flatMap((id) => recordsOf(call).get(id) ?? []);
    const missing = ids.filter((id) => !recordsOf(call).has(id));
    if (found.length === 0) return call.refuse(404, 'Record not found');
    return call.answer(200, {
      class_name: call.param('class'),
      not_found: { ids: missing },
      items: found.map(recordBody),
    });
  };

  const updateByCriteria = byUser((call) => {
    const { search_criteria: _, ...fields } = call.body;
    const criteria = groupOf(call.body, 'search_criteria');
    watchCriteria(call, criteria);
    const found = searchByCriteria([...recordsOf(call).values()], criteria, recordBody);
    const own = found.filter((record) => isOwner(call, record));
    const items = own.map((record) => recordBody(write(call, record, fields)));
    return call.answer(200, {
      class_name: call.param('class'),
      skip: 0,
      limit: 100,
      total_found: items.length,
      items,
    });
  });

  const deleteByCriteria = byUser((call) => {
    watchCriteria(call, call.body);
    const found = searchByCriteria([...recordsOf(call).values()], call.body, recordBody);
    const own = found.filter((record) => isOwner(call, record));
    for (const { id } of own) recordsOf(call).delete(id);
    return call.answer(200, { total_deleted: own.length });
  });

  const remove = byUser((call) =>
    answerDeletion(state, call, (id) => {
      const record = recordsOf(call).get(id);
      if (record === undefined) return 'NotFound';
      if (!isOwner(call, record)) return 'WrongPermissions';
      recordsOf(call).delete(id);
      return 'SuccessfullyDeleted';
    }),
  );

  const upload = byUser((call) =>
    withOwn(call, async (record) => {
      const form = await call.exchange.request.formData().catch(() => new FormData());
      const field = form.get('field_name');
      const content = form.get('file');
      if (typeof field !== 'string' || !(content instanceof File))
        return call.refuse(422, 'field_name and file are required');
      const file = { id: createId(state.random), name: content.name, content };
      record.files.set(field, file);
      return call.answer(201, fileBody(file));
    }),
  );

  const download: HandleResource = (call) => {
    const field = call.exchange.url.searchParams.get('field_name') ?? '';
    const file = recordsOf(call).get(call.param('id'))?.files.get(field);
    return file === undefined ? call.refuse(404, 'File not found') : call.file(file.content, file.content.type);
  };

  const removeFile = byUser((call) =>
    withOwn(call, (record) => {
      const isThere = record.files.delete(textOf(call.body, 'field_name') ?? '');
      return isThere ? call.answer(200) : call.refuse(404, 'File not found');
    }),
  );

  return [
    open('POST', `${path}/multi.json`, createMany),
    open('PUT', `${path}/multi.json`, updateMany),
    open('PUT', `${path}/by_criteria.json`, updateByCriteria),
    open('DELETE', `${path}/by_criteria.json`, deleteByCriteria),
    open('POST', `${path}/:id/file.json`, upload),
    open('GET', `${path}/:id/file.json`, download),
    open('DELETE', `${path}/:id/file.json`, removeFile),
    open('POST', path, create),
    open('GET', path, list),
    open('GET', `${path}/:id`, getMany),
    open(
      'PUT',
      `${path}/:id`,
      byUser((call) => withOwn(call, (record) => call.answer(200, recordBody(write(call, record, call.body))))),
    ),
    open('DELETE', `${path}/:id`, remove),
  ];
}

/** That everything is met then is assumed, as the worst that could be. */
function watchCriteria({ exchange }: ResourceCall, criteria: Body): void {
  if (Object.keys(criteria).length === 0) exchange.warn('a change by criteria named none');
}

/** For a user, or an API key with the application's rights; an application's session may only read. */
function byUser(handle: HandleResource): HandleResource {
  return (call) => {
    const mayWrite = call.session === undefined || call.userId !== 0;
    return call.exchange.check('user', mayWrite) ? handle(call) : call.refuse(422, 'Forbidden. Need user.');
  };
}

function recordsOf(call: ResourceCall): Map<string, LiveRecord> {
  const { records } = call.application.resources;
  const name = call.param('class');
  const own = records.get(name) ?? new Map<string, LiveRecord>();
  records.set(name, own);
  return own;
}

function isOwner({ userId }: ResourceCall, record: LiveRecord): boolean {
  return userId === 0 || record.userId === userId;
}

async function withOwn(
  call: ResourceCall,
  act: (record: LiveRecord) => Response | Promise<Response>,
): Promise<Response> {
  const record = recordsOf(call).get(call.param('id'));
  if (record === undefined) return call.refuse(404, 'Record not found');
  return call.exchange.check('owner', isOwner(call, record)) ? act(record) : call.refuse(403, 'Wrong permission');
}

function write(call: ResourceCall, record: LiveRecord, fields: Body): LiveRecord {
  record.fields = { ...record.fields, ...fields };
  record.updatedAtMs = call.exchange.nowMs;
  return record;
}

function fileBody({
  id,
  name,
  content,
}: {
  readonly id: string;
  readonly name: string;
  readonly content: Blob;
}): object {
  return { file_id: id, name, content_type: content.type, size: content.size };
}

/** A record as it is told: times are Unix seconds here, unlike anywhere else. */
function recordBody(record: LiveRecord): object {
  const files = Object.fromEntries([...record.files].map(([field, file]) => [field, fileBody(file)]));
  return {
    ...record.fields,
    ...files,
    _id: record.id,
    _parent_id: null,
    user_id: record.userId,
    created_at: Math.floor(record.createdAtMs / 1000),
    updated_at: Math.floor(record.updatedAtMs / 1000),
  };
}
