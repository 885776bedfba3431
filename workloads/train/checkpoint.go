package train

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"satsim/internal/nm"
)

// checkpointMagic begins a checkpoint; its last byte is the layout's version. A JSON head of a given length follows, then the
// arrays it lists, little-endian FP32 or a mask's bits, a byte each, then a CRC-32 (IEEE) of all that comes before it.
const checkpointMagic = "satsim-checkpoint\x00\x00\x01"

// maxHead bounds the head of a file that may be foreign.
const maxHead = 64 << 20

type checkpointHead struct {
	ID     string          `json:"id"` // of what is trained, and how
	About  json.RawMessage `json:"about,omitempty"`
	State  state           `json:"state"`
	Arrays []arrayHead     `json:"arrays"`
}

type arrayHead struct {
	Name string `json:"name"`
	Len  int    `json:"len"`
	Bits bool   `json:"bits,omitempty"`
}

// array is one thing to keep: numbers or a mask.
type array struct {
	arrayHead
	values []float32
	mask   nm.Mask
	order  []int32 // as FP32, which has all of them: there are fewer outputs than 2^24
}

// OtherTraining is why a checkpoint cannot be gone on from: it is of another training, of which About was kept.
type OtherTraining struct{ About json.RawMessage }

// Error implements error.
func (*OtherTraining) Error() string {
	return "the checkpoint is of another training: network, recipe, data or options differ"
}

// arrays lists what the next step depends on, in a fixed order.
func (t *Trainer) arrays() []array {
	var out []array
	values := func(name string, v []float32) {
		if v != nil {
			out = append(out, array{arrayHead: arrayHead{Name: name, Len: len(v)}, values: v})
		}
	}
	mask := func(name string, m nm.Mask) {
		if m != nil {
			out = append(out, array{arrayHead: arrayHead{Name: name, Len: len(m), Bits: true}, mask: m})
		}
	}
	for _, p := range t.model.params {
		values(p.Name, p.Master)
		values(p.Name+" state 0", p.state[0])
		values(p.Name+" state 1", p.state[1])
		if p.matrix != nil {
			values(p.Name+" scale", p.scale)
			if p.order != nil {
				out = append(out, array{arrayHead: arrayHead{Name: p.Name + " order", Len: len(p.order)}, order: p.order})
			}
			mask(p.Name+" mask FF", p.maskFF)
			mask(p.Name+" mask BP", p.maskBP)
			mask(p.Name+" epoch mask FF", t.epochMasks[p.Name][0])
			mask(p.Name+" epoch mask BP", t.epochMasks[p.Name][1])
		}
	}
	for i, n := range t.model.norms {
		values(fmt.Sprintf("norm %d mean", i), n.runningMean)
		values(fmt.Sprintf("norm %d variance", i), n.runningVar)
	}
	return out
}

// Save writes all that the rest of the training depends on. id names the training; Restore asks for the same.
func (t *Trainer) Save(w io.Writer, id string) error {
	head := checkpointHead{ID: id, About: t.About, State: t.state}
	all := t.arrays()
	for _, a := range all {
		head.Arrays = append(head.Arrays, a.arrayHead)
	}
	text, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("saving a training: %w", err)
	}
	sum := crc32.NewIEEE()
	out := bufio.NewWriter(io.MultiWriter(w, sum))
	put := func(b []byte) {
		if err == nil {
			_, err = out.Write(b)
		}
	}
	put([]byte(checkpointMagic))
	put(binary.LittleEndian.AppendUint32(nil, uint32(len(text))))
	put(text)
	for _, a := range all {
		var b []byte
		for _, v := range a.values {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		for _, v := range a.order {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		}
		for _, k := range a.mask {
			if k {
				b = append(b, 1)
			} else {
				b = append(b, 0)
			}
		}
		put(b)
	}
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		_, err = w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	}
	if err != nil {
		return fmt.Errorf("saving a training: %w", err)
	}
	return nil
}

// Restore takes a saved training up. What it is called on must have been built from the same models and options. On an error
// it may be half restored; build a new one.
func (t *Trainer) Restore(r io.Reader, id string) error {
	if err := t.restore(r, id); err != nil {
		return fmt.Errorf("taking a training up: %w", err)
	}
	return nil
}

func (t *Trainer) restore(r io.Reader, id string) error {
	sum := crc32.NewIEEE()
	in := io.TeeReader(bufio.NewReader(r), sum)
	get := func(n int) ([]byte, error) {
		b := make([]byte, n)
		if _, err := io.ReadFull(in, b); err != nil {
			return nil, fmt.Errorf("the checkpoint is cut off: %w", err)
		}
		return b, nil
	}
	start, err := get(len(checkpointMagic) + 4)
	if err != nil {
		return err
	}
	if string(start[:len(checkpointMagic)]) != checkpointMagic {
		return errors.New("the file is no checkpoint of this version of satsim")
	}
	n := binary.LittleEndian.Uint32(start[len(checkpointMagic):])
	if n > maxHead {
		return fmt.Errorf("the checkpoint is broken: a head of %d bytes", n)
	}
	text, err := get(int(n))
	if err != nil {
		return err
	}
	var head checkpointHead
	if err := json.Unmarshal(text, &head); err != nil {
		return fmt.Errorf("the checkpoint is broken: %w", err)
	}
	if head.ID != id {
		return &OtherTraining{head.About}
	}
	last, _ := at(t.plan, max(head.State.Step-1, 0))
	t.attach(last)
	t.learn(last)
	t.factor(last)
	t.state = head.State
	t.allocate(head.Arrays)
	for _, a := range t.arrays() {
		if len(head.Arrays) == 0 || head.Arrays[0] != a.arrayHead {
			return fmt.Errorf("the checkpoint does not fit: %s is missing", a.Name)
		}
		head.Arrays = head.Arrays[1:]
		width := 4
		if a.Bits {
			width = 1
		}
		b, err := get(a.Len * width)
		if err != nil {
			return err
		}
		for i := range a.values {
			a.values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		for i := range a.order {
			a.order[i] = int32(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
		}
		for i := range a.mask {
			a.mask[i] = b[i] == 1
		}
	}
	if len(head.Arrays) > 0 {
		return fmt.Errorf("the checkpoint does not fit: %s is not known", head.Arrays[0].Name)
	}
	want := sum.Sum32()
	end, err := get(4)
	if err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(end) != want {
		return errors.New("the checkpoint is broken: its checksum does not fit")
	}
	t.Restored = head.About
	t.resume()
	return nil
}

// allocate makes those arrays that exist only later in a training, if the checkpoint has them, and drops those it has not.
func (t *Trainer) allocate(heads []arrayHead) {
	has := map[string]bool{}
	for _, h := range heads {
		has[h.Name] = true
	}
	fresh := func(name string, n int) nm.Mask {
		if !has[name] {
			return nil
		}
		return make(nm.Mask, n)
	}
	t.epochMasks = masksOf{}
	for _, p := range t.model.params {
		for i := range p.state {
			if p.state[i] = nil; has[fmt.Sprintf("%s state %d", p.Name, i)] {
				p.state[i] = make([]float32, len(p.Master))
			}
		}
		if p.matrix != nil {
			n := len(p.Master)
			if p.scale = nil; has[p.Name+" scale"] {
				p.scale = make([]float32, 1)
			}
			if p.order = nil; has[p.Name+" order"] {
				p.order = make([]int32, p.Out)
			}
			p.maskFF, p.maskBP = fresh(p.Name+" mask FF", n), fresh(p.Name+" mask BP", n)
			t.epochMasks[p.Name] = [2]nm.Mask{fresh(p.Name+" epoch mask FF", n), fresh(p.Name+" epoch mask BP", n)}
		}
	}
}

// resume sets the layers' pruning to that of the last step done, without dropping the masks that were restored.
func (t *Trainer) resume() {
	s, _ := at(t.plan, max(t.state.Step-1, 0))
	for _, o := range t.model.operators {
		if w, ok := o.(*weighted); ok {
			w.w.prune = s.prune[w.layer]
		}
	}
	t.current, t.orderOf = s, -1
}
