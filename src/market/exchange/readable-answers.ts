interface AnswerHandler {
  handleErrors?(...answer: unknown[]): unknown;
}

const [STATUS, METHOD, URL, BODY, PARSED] = [0, 3, 2, 5, 6] as const;

/**
 * Makes a client fail on an answer that is no JSON. ccxt takes one with status 200 for an empty
 * list of candles, which would look like a hole in the history.
 *
 * @param BadResponse ccxt's error for such an answer; it passes, so it is asked again
 */
export function readableAnswersOnly(
  exchange: object,
  BadResponse: new (message: string) => Error,
): void {
  const client = exchange as AnswerHandler;
  const handle = client.handleErrors?.bind(client);
  client.handleErrors = (...answer) => {
    const status = answer[STATUS] as number;
    if (answer[PARSED] === undefined && status >= 200 && status < 300) {
      const text = String(answer[BODY]).slice(0, 60);
      const place = `${answer[METHOD]} ${answer[URL]}`;
      throw new BadResponse(`${place}: expected JSON, found ${JSON.stringify(text)}`);
    }
    return handle?.(...answer);
  };
}
