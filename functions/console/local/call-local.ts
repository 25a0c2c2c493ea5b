/** Calls the control of the local run. @throws an Error with what it answers to a request that it refuses */
export const callLocal = async <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<T> => {
  const response = await fetch(`/_local/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `the local run answers ${response.status}`);
  return answer;
};
