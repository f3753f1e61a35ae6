import { encodeHex } from '@x/crypto';
import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { isLoopback } from '@x/http/options';
import { type Answer, isoSeconds } from './answers.ts';
import { groupOf, textOf } from './body.ts';
import { answerPage } from './paging.ts';
import { createResourceRoutes, fileAnswer, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { LiveFile } from './resource-state.ts';
import { type EmulatorState, useSession } from './state.ts';

/** How long the storage's form is good for. */
const formLifetimeMs = 3_600_000;

/**
 * `/blobs`: files, and the storage that their content is sent to.
 *
 * Documented: the paths, that a public file needs no token, that content goes as a form whose fields are the query of
 * `blob_object_access.params` (QuickBlox fact sheet §8, and today's reference). Assumed: that only the owner may
 * change or delete a file. The storage warns of credentials, which are no business of its.
 */
export function fileRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { forUser, open } = createResourceRoutes(state, answer);

  /** A client that takes the emulator for QuickBlox by its `fetch` alone must not send contents to whom it imitates. */
  const storageOrigin = ({ origin, hostname }: URL): string =>
    state.settings.storageOrigin ?? (isLoopback(hostname) ? origin : 'https://storage.invalid');

  const create: HandleResource = (call) => {
    const wanted = groupOf(call.body, 'blob');
    const name = textOf(wanted, 'name');
    const contentType = textOf(wanted, 'content_type');
    if (!call.exchange.check('values', name !== undefined && contentType !== undefined)) {
      return call.answer(422, { errors: { base: ['name and content_type are required'] } });
    }
    // the wording is assumed; it is told as a header field later
    if (!call.exchange.check('content type', /^[\x21-\x7e][\x20-\x7e]*$/.test(contentType ?? ''))) {
      return call.answer(422, { errors: { content_type: ['is not valid'] } });
    }
    const { resources } = call.application;
    const file: LiveFile = {
      id: resources.nextId,
      uid: encodeHex(state.random(17)),
      ownerId: call.userId,
      contentType: contentType ?? '',
      public: wanted['public'] === true || wanted['public'] === 'true',
      formKey: encodeHex(state.random(16)),
      createdAtMs: call.exchange.nowMs,
      name: name ?? '',
      content: undefined,
      completedAtMs: undefined,
    };
    resources.nextId += 1;
    resources.files.set(file.id, file);
    const access = {
      blob_id: file.id,
      object_access_type: 'Write',
      ...accessOf(file, storageOrigin(call.exchange.url)),
    };
    return call.answer(201, { blob: { ...fileBody(file), blob_object_access: access } });
  };

  const store: EmulatorRoute['handle'] = async (exchange) => {
    const { request, params, nowMs } = exchange;
    if (request.headers.has('qb-token') || request.headers.has('authorization')) {
      exchange.warn('a credential was sent to the storage');
    }
    const form = await request.formData().catch(() => new FormData());
    const file = state.applications.flatMap(({ resources }) => resources.files.get(Number(params['id'])) ?? [])[0];
    const content = form.get('file');
    const isSigned = file?.uid === form.get('key') && file?.formKey === form.get('x-amz-signature');
    const isInTime = file !== undefined && nowMs < file.createdAtMs + formLifetimeMs;
    if (!exchange.check('form', isSigned && isInTime && content instanceof Blob)) return xml(403, '<Error/>');
    if (file !== undefined && content instanceof Blob) file.content = content;
    return xml(201, '<PostResponse/>');
  };

  const complete: HandleResource = (call) =>
    withFile(call, (file) => {
      if (!call.exchange.check('content', file.content !== undefined)) return call.refuse(422, 'File is not uploaded');
      file.completedAtMs = call.exchange.nowMs;
      return call.answer(200);
    });

  const rename: HandleResource = (call) =>
    withFile(call, (file) => {
      file.name = textOf(groupOf(call.body, 'blob'), 'name') ?? file.name;
      return call.answer(200, { blob: fileBody(file) });
    });

  const list: HandleResource = (call) => {
    const own = [...call.application.resources.files.values()].filter(({ ownerId }) => ownerId === call.userId);
    return answerPage(call, own, {
      toBody: (file) => ({ blob: fileBody(file) }),
      maxPageSize: state.settings.maxPageSize,
    });
  };

  const downloadPrivate = open('GET', '/blobs/:id', (call) => {
    const id = call.exchange.params['id'] ?? '';
    if (id.endsWith('.json')) return withFile(call, (file) => call.answer(200, { blob: fileBody(file) }));
    const found = [...call.application.resources.files.values()].find(({ uid }) => uid === id);
    const content = contentOf(found);
    return content === undefined ? call.answer(404) : call.file(content, found?.contentType ?? '');
  });

  /** A token is not asked for; one that is sent is used, as by every call. */
  const downloadPublic = (exchange: Exchange, file: LiveFile): Response => {
    const token = exchange.request.headers.get('qb-token');
    const session = token === null ? undefined : useSession(state, token, exchange.nowMs);
    const content = contentOf(file);
    const status = content === undefined ? 404 : 200;
    const told = answer(exchange, { status, expiresAtMs: session?.expiresAtMs });
    return content === undefined ? told : fileAnswer(told, content, file.contentType);
  };

  return [
    forUser('POST', '/blobs.json', create),
    forUser('GET', '/blobs.json', list),
    {
      ...downloadPrivate,
      handle(exchange) {
        const all = state.applications.flatMap(({ resources }) => [...resources.files.values()]);
        const file = all.find(({ uid }) => uid === exchange.params['id']);
        return file?.public === true ? downloadPublic(exchange, file) : downloadPrivate.handle(exchange);
      },
    },
    forUser('PUT', '/blobs/:id', rename),
    forUser('DELETE', '/blobs/:id', (call) =>
      withFile(call, ({ id }) => {
        call.application.resources.files.delete(id);
        return call.answer(200);
      }),
    ),
    forUser('PUT', '/blobs/:id/complete.json', complete),
    { method: 'POST', path: '/blobs/:id/upload', handle: store },
  ];
}

/** What can be downloaded: content that was declared uploaded. */
function contentOf(file: LiveFile | undefined): Blob | undefined {
  return file?.completedAtMs === undefined ? undefined : file.content;
}

/** The file of the path, for its owner. */
function withFile(call: ResourceCall, act: (file: LiveFile) => Response): Response {
  const file = call.application.resources.files.get(Number(call.param('id')));
  if (file === undefined) return call.refuse(404, 'File not found');
  const isReader = call.exchange.request.method === 'GET' || file.ownerId === call.userId;
  return call.exchange.check('owner', isReader) ? act(file) : call.refuse(403, 'Forbidden');
}

/** The form's fields stand in the query, percent-encoded, a plus sign as it is. */
function accessOf(file: LiveFile, origin: string): { readonly params: string; readonly expires: string } {
  const fields = {
    acl: 'authenticated-read',
    key: file.uid,
    policy: 'emulated+policy=',
    success_action_status: '201',
    'x-amz-signature': file.formKey,
  };
  const query = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return {
    params: `${origin}/blobs/${file.id}/upload/?${query.join('&')}`,
    expires: isoSeconds(file.createdAtMs + formLifetimeMs),
  };
}

function fileBody(file: LiveFile): object {
  const { completedAtMs } = file;
  return {
    id: file.id,
    uid: file.uid,
    content_type: file.contentType,
    name: file.name,
    size: completedAtMs === undefined ? null : file.content?.size,
    public: file.public,
    blob_status: completedAtMs === undefined ? null : 'complete',
    set_completed_at: completedAtMs === undefined ? null : isoSeconds(completedAtMs),
    created_at: isoSeconds(file.createdAtMs),
    updated_at: isoSeconds(completedAtMs ?? file.createdAtMs),
  };
}

function xml(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/xml' } });
}
