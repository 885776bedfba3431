package transformers

import "satsim/workloads/network"

func (b *builder) bert() {
	dim, heads := b.size("hidden_size", 768), b.size("num_attention_heads", 12)
	b.divides("num_attention_heads", heads, "hidden_size", dim)
	positions := b.size("max_position_embeddings", 512)
	b.set("dim", dim)
	b.set("heads", heads)
	b.set("layers", b.depth("num_hidden_layers", 12))
	b.set("mlp", b.size("intermediate_size", 3072))
	b.set("vocabulary", b.size("vocab_size", 30522))
	b.set("positions", positions)
	b.set("segments", b.size("type_vocab_size", 2))
	b.activation("encoder", "hidden_act", "gelu")
	b.only("position_embedding_type", `"absolute"`, "relative positions add products to the scores")
	b.only("add_cross_attention", "false", "the network has one sequence")
	b.tokens("max_position_embeddings", positions, true)

	switch head := b.head("Bert", "Model", "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering"); head {
	case "ForMaskedLM":
		b.linear("transform", "dim", true)
		b.layer(network.LayerSpec{Name: "transform_act", Op: activations[b.word("hidden_act", "gelu")]})
		b.layer(network.LayerSpec{Name: "transform_ln", Op: network.LayerNorm, Bias: true})
		b.output(b.flag("tie_word_embeddings", true), true)
	case "ForTokenClassification", "ForQuestionAnswering":
		b.linear("classifier", expr(b.labels()), true)
	default:
		b.pooler()
		if head == "ForSequenceClassification" {
			b.linear("classifier", expr(b.labels()), true)
		}
	}
}

// pooler is a linear layer and a tanh on the first token.
func (b *builder) pooler() {
	b.token("first", "0")
	b.linear("pooler", "dim", true)
	b.layer(network.LayerSpec{Name: "pooler_tanh", Op: network.Tanh})
}

// output is the layer to the vocabulary, which may have the token table as its weight.
func (b *builder) output(tied, bias bool) {
	l := network.LayerSpec{Name: "lm_head", Op: network.Linear, Channels: "vocabulary", Bias: bias}
	if tied {
		l.Weight = "tokens"
	}
	b.layer(l)
}

// causal appends the head of a model that reads from left to right. A classifier reads the last token.
func (b *builder) causal(head string, tied bool) {
	switch head {
	case "LMHeadModel", "ForCausalLM":
		b.output(tied, false)
	case "ForSequenceClassification":
		b.token("last", "sequence - 1")
		b.linear("score", expr(b.labels()), false)
	case "ForTokenClassification":
		b.linear("score", expr(b.labels()), true)
	}
}

func (b *builder) gpt2() {
	dim, heads := b.size("n_embd", 768), b.size("n_head", 12)
	b.divides("n_head", heads, "n_embd", dim)
	positions := b.size("n_positions", 1024)
	b.set("dim", dim)
	b.set("heads", heads)
	b.set("layers", b.depth("n_layer", 12))
	b.set("mlp", b.size("n_inner", 4*dim))
	b.set("vocabulary", b.size("vocab_size", 50257))
	b.set("positions", positions)
	b.activation("decoder", "activation_function", "gelu_new")
	b.only("add_cross_attention", "false", "the network has one sequence")
	b.tokens("n_positions", positions, true)
	b.causal(b.head("GPT2", "Model", "LMHeadModel", "ForSequenceClassification", "ForTokenClassification"), b.flag("tie_word_embeddings", true))
}

// gated are the defaults in which families like llama differ.
type gated struct {
	prefix                    string
	vocabulary, mlp, kvHeads  int64 // kvHeads 0: as many as heads
	positions                 int64
	queryBias                 bool  // the file does not say it: queries, keys and values have a bias
	attentionBias, mlpBiasKey bool  // the file may
	headDim                   int64 // 0: hidden_size / num_attention_heads
	headNorms                 bool  // queries and keys have an RMS norm in each head, whose scale all heads share
}

func (b *builder) llama() {
	b.decoder(gated{prefix: "Llama", vocabulary: 32000, mlp: 11008, positions: 2048, attentionBias: true, mlpBiasKey: true})
}

func (b *builder) mistral() {
	b.decoder(gated{prefix: "Mistral", vocabulary: 32000, mlp: 14336, kvHeads: 8, positions: 131072})
}

func (b *builder) qwen2() {
	b.decoder(gated{prefix: "Qwen2", vocabulary: 151936, mlp: 22016, kvHeads: 32, positions: 32768, queryBias: true})
}

func (b *builder) qwen3() {
	b.decoder(gated{prefix: "Qwen3", vocabulary: 151936, mlp: 22016, kvHeads: 32, positions: 32768, attentionBias: true, headDim: 128, headNorms: true})
}

// qwen is the first generation, whose config.json comes with code of its own: intermediate_size counts both halves of the gated perceptron, and a
// head's channels are kv_channels.
func (b *builder) qwen() {
	b.only("no_bias", "true", "the network's linear layers have none, but for queries, keys and values")
	dim, mlp := b.size("hidden_size", 4096), b.size("intermediate_size", 22016)
	heads := b.size("num_attention_heads", 32)
	b.divides("num_attention_heads", heads, "hidden_size", dim)
	b.divides("2", 2, "intermediate_size", mlp)
	b.set("dim", dim)
	b.set("heads", heads)
	b.set("kv_heads", heads)
	b.set("head_dim", b.size("kv_channels", 128))
	b.set("layers", b.depth("num_hidden_layers", 32))
	b.set("mlp", mlp/2)
	b.set("vocabulary", b.size("vocab_size", 151936))
	b.bias("heads", "linear", true)
	b.tokens("seq_length", b.size("seq_length", 8192), false)
	b.causal(b.head("QWen", "Model", "LMHeadModel"), b.flag("tie_word_embeddings", false))
}

func (b *builder) decoder(f gated) {
	dim, heads := b.size("hidden_size", 4096), b.size("num_attention_heads", 32)
	if f.kvHeads == 0 {
		f.kvHeads = heads
	}
	kv := b.size("num_key_value_heads", f.kvHeads)
	b.divides("num_key_value_heads", kv, "num_attention_heads", heads)
	if f.headDim == 0 && !b.has("head_dim") {
		b.divides("num_attention_heads", heads, "hidden_size", dim)
	}
	if f.headDim == 0 {
		f.headDim = max(1, dim/heads)
	}
	b.set("dim", dim)
	b.set("heads", heads)
	b.set("kv_heads", kv)
	b.set("head_dim", b.size("head_dim", f.headDim))
	b.set("layers", b.depth("num_hidden_layers", 32))
	b.set("mlp", b.size("intermediate_size", f.mlp))
	b.set("vocabulary", b.size("vocab_size", f.vocabulary))
	b.activation("decoder", "hidden_act", "silu")
	attention := f.attentionBias && b.flag("attention_bias", false)
	b.bias("heads", "linear", f.queryBias || attention)
	b.bias("decoder", "proj", attention)
	if f.headNorms {
		b.set("head_norms", 1)
	}
	if f.mlpBiasKey {
		for _, l := range []string{"gate", "up", "down"} {
			b.bias("decoder", l, b.flag("mlp_bias", false))
		}
	}
	b.tokens("max_position_embeddings", b.size("max_position_embeddings", f.positions), false)
	b.causal(b.head(f.prefix, "Model", "ForCausalLM", "ForSequenceClassification", "ForTokenClassification"), b.flag("tie_word_embeddings", false))
}
