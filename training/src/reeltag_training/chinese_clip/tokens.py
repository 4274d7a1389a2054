"""The tokenizer of Chinese-CLIP: BERT's, over a vocabulary that comes with the checkpoint."""

from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from ..packs.refusal import ImportRefusedError
from .towers.sizes import TEXT_LENGTH_MAX

SPECIALS = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103}
TOKENS = 21128
_WORD_MAX = 200
_REMEDY = "Give --vocabulary the vocab.txt that lies beside the checkpoint where it was published"


def read_vocabulary(file: Path) -> list[str]:
    try:
        rows = file.read_text("utf8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefusedError("VOCABULARY_INVALID", f"{file} cannot be read: {error}", _REMEDY) from error
    vocabulary = [row.rstrip("\r") for row in rows]
    if vocabulary and vocabulary[-1] == "":
        vocabulary.pop()
    if len(vocabulary) != TOKENS or len(set(vocabulary)) != TOKENS:
        cause = f"{file} has {len(set(vocabulary))} different tokens, Chinese-CLIP has {TOKENS}"
        raise ImportRefusedError("VOCABULARY_INVALID", cause, _REMEDY)
    misplaced = [token for token, index in SPECIALS.items() if vocabulary[index] != token]
    if misplaced:
        cause = f"{file} has {', '.join(misplaced)} in another place than Chinese-CLIP"
        raise ImportRefusedError("VOCABULARY_INVALID", cause, _REMEDY)
    return vocabulary


def build_tokenizer(vocabulary: list[str]) -> Tokenizer:
    tokens = {token: index for index, token in enumerate(vocabulary)}
    model = models.WordPiece(vocab=tokens, unk_token="[UNK]", max_input_chars_per_word=_WORD_MAX)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [
            # Curly quotes are not in the vocabulary; the published evaluation maps them so.
            normalizers.Replace("“", '"'),
            normalizers.Replace("”", '"'),
            normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(s, SPECIALS[s]) for s in ("[CLS]", "[SEP]")]
    )
    return tokenizer


def encode(tokenizer: Tokenizer, text: str) -> list[int]:
    """[CLS], at most 50 tokens, [SEP]."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids[: TEXT_LENGTH_MAX - 2]
    return [SPECIALS["[CLS]"], *ids, SPECIALS["[SEP]"]]
