import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import { parseWith } from '../../../functions/shared/http/request.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import type { Posted } from '../simulator/customer-messages.ts';
import { answerFile } from '../simulator/file-shelf.ts';
import { PhoneQuery } from '../simulator/phone.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { ReportRequest } from '../simulator/status-reports.ts';
import { WriteRequest } from '../simulator/write-request.ts';
import { localRoute, withBody } from './local-route.ts';

/** The limit of the front: a file comes in base64. */
const MAX_WRITE_BYTES = 10 * 1024 * 1024;

const UNKNOWN_FILE: ProblemDetails = {
  code: 'unknown_media',
  detail: 'The simulated providers hold no file of that id.',
};

const toAnswer = (result: Posted | ProblemDetails) => ('code' in result ? result : json(200, result));

/** A customer writes after the stream has processed what happened before, as in life. */
const writeAfter = (drain: () => Promise<void>, write: Simulator['write']) => async (request: WriteRequest) => {
  await drain();
  return toAnswer(await write(request));
};

/** The customer's phone: what it shows, what the customer does on it, and what the provider reports of a message. */
export const phoneRoutes = (
  { files, write, report, phone }: Simulator,
  drain: () => Promise<void>,
): readonly FrontRoute[] => {
  const showPhone = ({ queryStringParameters = {} }: HttpEvent) => {
    const query = parseWith(PhoneQuery, queryStringParameters);
    return query.ok ? json(200, phone(query.value)) : query.problem;
  };
  const showFile = ({ pathParameters }: HttpEvent) => {
    const file = files.find(pathParameters?.['id']);
    return file === undefined ? UNKNOWN_FILE : answerFile(file);
  };
  const reportStatus = async (request: ReportRequest) => toAnswer(await report(request));
  return [
    localRoute('GET', 'provider/phone', showPhone),
    localRoute('GET', 'provider/files/{id}', showFile),
    localRoute('POST', 'provider/inbound', withBody(WriteRequest, writeAfter(drain, write), MAX_WRITE_BYTES)),
    localRoute('POST', 'provider/status', withBody(ReportRequest, reportStatus)),
  ];
};
