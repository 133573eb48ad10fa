// node --require hosts.cjs drive.mjs SAMPLES PHOTO: what the vendor's own client finds, a line of JSON.
import crypto from 'crypto'
import fs from 'fs'
import path from 'path'
import { pathToFileURL } from 'url'

const PART = 40000 // bytes
const TRIES = 200
const [samples, photo] = process.argv.slice(2)
const load = async (name) => (await import(pathToFileURL(path.join(samples, 'samples/src/common/lr', name)))).default
const [LrContext, LrRequestor] = [await load('LrContext.mjs'), await load('LrRequestor.mjs')]
const session = { apiKey: 'sandbox', accessToken: 'sandbox-token', host: 'lr.adobe.io' }
const until = async (ask, holds) => {
	let answer
	for (let tries = 0; tries < TRIES && !holds((answer = await ask())); tries++) await new Promise((go) => setTimeout(go, 50))
	return answer
}
const found = { health: await LrRequestor.healthP('sandbox') }
const account = await LrRequestor.getP(session, '/v2/account')
const lr = new LrContext(session, account, await LrRequestor.getP(session, '/v2/catalog'))

const data = fs.readFileSync(photo)
const sha256 = crypto.createHash('sha256').update(data).digest('hex')
const revision = await lr.createRevisionP('image', 'photo.jpg', data.length, sha256)
const incomplete = async () => (await lr.getIncompletesP()).resources.length
found.incomplete = [await incomplete()]
for (let at = 0; at < data.length; at += PART)
	await lr.putOriginalP(revision.path, 'application/octet-stream', at, data.length, data.subarray(at, at + PART))
found.incomplete.push(await until(incomplete, (count) => count === 0))
found.again = await lr.createRevisionP('image', 'photo.jpg', data.length, sha256).then(
	() => 'created twice',
	(refused) => [refused.statusCode, refused.error.revisions[0].links['/rels/asset'].href.includes(revision.id)],
)

const set = await lr.createAlbumP('project_set', 'A set', null, 'set.remoteId')
const album = await lr.createAlbumP('project', 'An album', set, 'album.remoteId')
await lr.addAssetsToAlbumP(album, [{ id: revision.id, remoteId: 'r-1' }])
await lr.addAssetsToAlbumP(album, [{ id: revision.id, remoteId: 'r-1' }])
found.albums = (await lr.getAlbumsP('project_set%3Bproject')).map((one) => one.payload.name).sort()
found.members = (await lr.getAlbumAssetsP(album)).map((one) => one.payload.publishInfo.remoteId)
const cover = async () => lr.getAlbumCoverThumbnailRenditionOrFallbackP(await lr.getAlbumP(album)).catch(() => null)
found.cover = (await until(cover, (picture) => picture?.length)).subarray(0, 3).toString('hex')
console.log(JSON.stringify(found))
