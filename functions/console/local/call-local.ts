const answerOf = async <T>(response: Response): Promise<T> => {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `the local run answers ${response.status}`);
  return answer;
};

/** Calls the control of the local run. @throws an Error with what it answers to a request that it refuses */
export const callLocal = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<T> =>
  answerOf(await fetch(`/_local/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));

/** Replaces the state of the local run by a file, byte for byte. @throws an Error with what is wrong with it */
export const loadState = async (file: File): Promise<void> =>
  answerOf(await fetch('/_local/state', { method: 'PUT', body: file }));
