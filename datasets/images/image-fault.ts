/**
 * Why bytes are no readable image, in words for the user: `message` completes "cannot be decoded (...)", `next` is a step that helps
 * when a good copy of the file would not. It never quotes text of the file but coded values: headers hold names of patients.
 */
export class ImageFault extends Error {
  readonly next?: string;

  constructor(message: string, next?: string) {
    super(message);
    this.next = next;
  }
}
