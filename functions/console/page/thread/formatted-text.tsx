const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/g;

/** A text as it was written; links can be opened, and nothing in it is markup. */
export const FormattedText = ({ text }: { readonly text: string }) =>
  text === '' ? undefined : (
    <p className="text" dir="auto">
      {text.split(LINK).map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change their places
          <a key={index} href={part} target="_blank" rel="noreferrer">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
