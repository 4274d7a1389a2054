import pytest
from tokenizers import Tokenizer

from reeltag_training.starter.pack import model_folder
from reeltag_training.words.wordpiece import LENGTH_MAX, SPECIALS, build_tokenizer, encode


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(str(model_folder("starter-text") / "tokenizer.json"))


def test_special_tokens_come_first(tokenizer):
    assert [tokenizer.token_to_id(s) for s in SPECIALS] == list(range(5))


def test_chinese_is_split_by_character_and_english_lowered(tokenizer):
    assert tokenizer.encode("今天的Kitten！", add_special_tokens=False).tokens == ["今", "天", "的", "kitten", "！"]
    assert tokenizer.encode("Café", add_special_tokens=False).tokens[0][0] == "c"


def test_any_ascii_word_and_any_common_character_can_be_spelt(tokenizer):
    for text in ("xqzzy2042 unbelievableness", "#vlog_7 @you ~ok", "的一是在不了有和人这中大为上个国我以要他"):
        assert "[UNK]" not in tokenizer.encode(text, add_special_tokens=False).tokens


def test_a_long_text_is_cut_and_an_empty_one_is_bare(tokenizer):
    assert len(encode(tokenizer, "猫" * 100)) == LENGTH_MAX
    assert encode(tokenizer, "") == [2, 3]


@pytest.mark.art
def test_the_committed_tokenizer_is_the_one_that_the_corpus_makes(tokenizer):
    assert build_tokenizer().get_vocab() == tokenizer.get_vocab()
