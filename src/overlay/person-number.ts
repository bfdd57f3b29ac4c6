/**
 * The number that a person goes by wherever people read it. People count from 1; Rekognition's Index counts from 0
 * and stays so in every file, answer and address.
 * @param index Rekognition's Index, an integer from 0
 */
export function personNumber(index: number): number {
  return index + 1;
}
