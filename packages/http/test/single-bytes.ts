/** The bytes 0 to 255, each in a chunk by itself, and from the second on in the same array: only the first can be kept. */
export function singleBytes(): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(1);
  let given = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        chunk[0] = given;
        controller.enqueue(given === 0 ? Uint8Array.of(0) : chunk);
        given += 1;
        if (given === 256) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
