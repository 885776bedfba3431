package page

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var look = flag.String("look", "", "folder for pictures of the page")

// scheme is what the reader prefers: light or dark.
func scheme(mode string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode}})
}

// The page is never wider than the screen, by day and by night. With -look it leaves pictures for people.
func TestThePageFitsScreens(t *testing.T) {
	page := html(t, simulated(t, "resnet9", 16))
	for _, size := range [][2]int64{{1280, 800}, {390, 844}} {
		for _, night := range []bool{false, true} {
			ctx := browser(t, page, size[0], size[1], night)
			if wide := ask[int64](t, ctx, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("the page is %d wide on a screen of %d", wide, size[0])
			}
			paper := ask[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)
			if dark := paper == "rgb(22, 24, 27)"; dark != night {
				t.Errorf("the page is %s where night is %v", paper, night)
			}
			if *look == "" {
				continue
			}
			picture(t, ctx, fmt.Sprintf("page-%d-%v", size[0], night))
		}
	}
}

// picture of the whole page.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	var png []byte
	run(t, ctx, chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(*look, name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}
